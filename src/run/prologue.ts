import type { Request } from '../argv/program.ts';
import { type Connection, type ConnectOptions, connect } from '../conductor/connect.ts';
import type { Io } from '../io/io.ts';
import { inOrderOfPlaces } from '../manifest/read/locate.ts';
import type { ExitCode } from '../model/exit.ts';
import type { NotChecked, Target } from '../model/generated/report-parts.ts';
import type { IdentifyOptions, ServerIdentity } from '../model/port.ts';
import { present } from '../model/present.ts';
import type { DesiredSchedule, ObservedSchedule } from '../model/schedule.ts';
import type { WishedSchedule } from '../model/timing.ts';
import { type Diagnostic, type LocatedDiagnostic, problem } from '../problems/diagnostic.ts';
import { terminalText } from '../report/text/escape.ts';
import { spanText } from '../report/text/span.ts';
import { type Configured, configure } from '../settings/configure.ts';
import { runOf } from '../settings/run-entry.ts';
import { type ConnectionSettings, connectionSettings } from '../settings/settings.ts';
import { type Loaded, type LoadRules, load, placed } from './load-manifests.ts';
import { type Observed, type ObserveOptions, observeServer } from './observe.ts';
import type { Run } from './run.ts';
import { learnFromManifests } from './secret-values.ts';
import type { Unfinished } from './team/not-checked.ts';

/** The stages that commands begin with: settle → load → open → observe. Each says itself why it could not be done. */

/** What a stage has made, or the exit code of a run that is over. */
export type Stage<T> = { readonly kind: 'done'; readonly value: T } | Ended;

/** It could not be done, and that has been said. */
export type Ended = { readonly kind: 'ended'; readonly code: ExitCode };

export function done<T>(value: T): Stage<T> {
  return { kind: 'done', value };
}

export function ended(code: ExitCode): Ended {
  return { kind: 'ended', code };
}

/**
 * The settings of the run. `request` is another than the run's where the arguments of the command name no directory;
 * `broken` says what is wrong with the configuration; `checks`: what it asks to be checked, as far as it can be read.
 */
export function settle(
  run: Run,
  request: Request = run.request,
  broken: (problems: readonly LocatedDiagnostic[], checks: readonly NotChecked[]) => ExitCode = (problems) =>
    run.fail(problems),
): Stage<Configured> {
  const { trust } = run;
  const settled = configure(request, diskOf(run), trust);
  if (settled.kind === 'usage') return ended(run.refuse(settled.usage));
  if (settled.kind === 'broken') return ended(broken(settled.problems, settled.checks));
  learnFromManifests(run, settled.value);
  if (!trust.readsConfiguration)
    run.say(
      `note: ${trust.because}, so these files are not trusted: downbeat.yaml is not read, \${env.…} and \${secret.…} are refused, nothing is deleted\n`,
    );
  if (run.entry() !== undefined) run.identify(runOf(request, diskOf(run), settled.value.config));
  return done(settled.value);
}

/** What finding and reading a configuration takes. */
export function diskOf({
  env,
  files,
  tz,
}: Run): Pick<Io, 'env' | 'readFile' | 'realPath'> & { readonly tz?: string } {
  return { env, readFile: files.readFile, realPath: files.realPath, ...present({ tz }) };
}

/** The manifests, all of them sound; their warnings are among the problems. */
export async function loadSound(
  run: Run,
  configured: Configured,
  rules: LoadRules,
  /** What else is known of the manifests without errors, and what is not; absent = nothing would have been checked. */
  rest: (loaded: Loaded) => Promise<Unfinished> = async () => ({ problems: [], notChecked: [] }),
): Promise<Stage<Loaded>> {
  const loaded = await load(run, configured, rules);
  if (!loaded.broken) return done(loaded);
  const { problems, notChecked } = await rest(loaded);
  return ended(run.fail(inOrderOfPlaces([...loaded.problems, ...problems]), undefined, notChecked));
}

/** What commands that look ahead begin with: sound manifests, offline, secrets unknown. Warnings are for `validate`. */
export async function loadOffline(
  run: Run,
  request: Request = run.request,
): Promise<Stage<{ readonly desired: readonly DesiredSchedule[]; readonly configured: Configured }>> {
  const settled = settle(run, request);
  if (settled.kind === 'ended') return settled;
  const loaded = await load(run, settled.value, {
    allowEmpty: run.options.allowEmpty === true,
    missingSecrets: 'opaque',
  });
  if (loaded.broken) return ended(run.fail(loaded.problems.filter(isError)));
  return done({ desired: loaded.desired, configured: settled.value });
}

function isError({ diagnostic }: LocatedDiagnostic): boolean {
  return diagnostic.severity === 'error';
}

/** The schedule as its manifest has it: running unless that pauses it, and without the days of its calendars. */
export function asWritten({ schedule, pause, days }: DesiredSchedule): WishedSchedule {
  return { ...schedule, paused: pause?.paused ?? false, ...present({ days }) };
}

/** A client of the server, and how it was to be made. */
export type Opened = { readonly connection: Connection; readonly settings: ConnectionSettings };

export type OpenedAlone = Opened & { readonly configured: Configured };

/** Makes the client. Sends nothing yet. */
export function open(run: Run, { config }: Configured): Stage<Opened> {
  const { options, env, masker, now, random, wait, signal, say } = run;
  const settled = connectionSettings(options, env, config, run.trust);
  if (!settled.ok) return ended(run.refuse(settled.usage));
  const settings = settled.value;
  const connection = connect({
    ...settings,
    masker,
    now,
    random,
    wait,
    signal,
    onWait: notesOnWaits(say, now),
    ...(options.debug
      ? {
          onRequest: ({ method, path, status, ms }) =>
            say(`debug: ${method} ${terminalText(path)} ${status ?? 'no answer'} ${Math.round(ms)} ms\n`),
        }
      : {}),
  });
  run.watch(connection);
  return done({ connection, settings });
}

/** Notes on shorter waits would come after their end. */
const shortestSaid = 2000;

/** Says that the server asked to wait, and how long Downbeat does; once for all requests that wait at a time. */
function notesOnWaits(say: Run['say'], now: Run['now']): NonNullable<ConnectOptions['onWait']> {
  let until = 0;
  return ({ asked, ms }) => {
    if (ms < shortestSaid || now() < until) return;
    until = now() + ms;
    const wanted = asked > 86_400_000 ? 'more than a day' : seconds(asked);
    say(
      asked > ms
        ? `note: the server asked to wait ${wanted}; trying again in ${seconds(ms)}\n`
        : `note: the server asked to wait; trying again in ${seconds(ms)}\n`,
    );
  };
}

function seconds(ms: number): string {
  return `${Math.ceil(ms / 1000).toLocaleString('en-US')} seconds`;
}

/** A server that can be spoken to, for commands that need no manifests. Their arguments name no directory. */
export function openAlone(run: Run): Stage<OpenedAlone> {
  const { command, options } = run.request;
  const settled = settle(run, { command, options });
  if (settled.kind === 'ended') return settled;
  const opened = open(run, settled.value);
  return opened.kind === 'ended' ? opened : done({ ...opened.value, configured: settled.value });
}

/** The server that a report is about. */
export function targetOf({ url }: Connection, { serverType, assumed, version }: ServerIdentity): Target {
  return { url, serverType, ...present({ assumed, version }) };
}

/** What kind of server it is; one with an older scheduler than Downbeat speaks to is refused. */
export async function identify(
  run: Run,
  { reader }: Connection,
  options: IdentifyOptions = {},
): Promise<Stage<ServerIdentity>> {
  const server = await reader.identify(options);
  if (!server.ok) return ended(run.fail([], server.failure));
  const old = oldScheduler(server.value);
  return old === undefined ? done(server.value) : ended(run.fail(placed([old])));
}

/** What the server has: see `observeServer`. `known` are problems that are said beside a failure. */
export async function observe(
  run: Run,
  connection: Connection,
  tagged: (schedules: readonly ObservedSchedule[]) => readonly string[],
  { known = [], ...options }: ObserveOptions & { readonly known?: readonly LocatedDiagnostic[] } = {},
): Promise<Stage<Observed>> {
  const seen = await observeServer(connection, tagged, run.now, options);
  if (!seen.ok) return ended(run.fail(known, seen.failure));
  const { server } = seen.observed;
  const old = oldScheduler(server);
  if (old !== undefined) return ended(run.fail([...known, ...placed([old])]));
  if (server.credentialsUnused)
    run.say(
      'note: the server has no authentication (POST /token is 404), so the key and secret are not used\n',
    );
  const { clockSkew } = seen.observed;
  if (Math.abs(clockSkew) >= saidSkew)
    run.say(
      `note: the server's clock is ${spanText(clockSkew)} ${clockSkew < 0 ? 'behind' : 'ahead of'} this machine's; its schedules fire by its own\n`,
    );
  return done(seen.observed);
}

/** Less is what clocks on a network do, and answers take time. */
const saidSkew = 60_000;

function oldScheduler({ outdated, version }: ServerIdentity): Diagnostic | undefined {
  if (!outdated) return undefined;
  return problem('old-scheduler', version === undefined ? {} : { version }, { kind: 'nowhere' });
}
