import { missedByPauses } from '../../apply/missed-by-pauses.ts';
import { claimPause, isClaimed, isNews } from '../../apply/standstill/claim-pause.ts';
import { type SwitchEnd, type SwitchOptions, switchMany } from '../../apply/switch-many.ts';
import { onEach } from '../../apply/workers.ts';
import type { Connection } from '../../conductor/connect.ts';
import { type ExitCode, exitCodes } from '../../model/exit.ts';
import { unmarked } from '../../model/marks/marker.ts';
import type { Capabilities } from '../../model/port.ts';
import { present } from '../../model/present.ts';
import type { DesiredSchedule, ObservedSchedule, PauseWish } from '../../model/schedule.ts';
import { placesOf } from '../../plan/on-server.ts';
import type { SwitchDocument } from '../../report/documents/generated/documents.ts';
import { pauseFacts, type Switched, switchDocument } from '../../report/documents/switch.ts';
import { terminalText } from '../../report/text/escape.ts';
import { many } from '../../report/text/phrases.ts';
import { wrap } from '../../report/text/wrap.ts';
import { cannotAsk, confirm } from '../../run/confirm.ts';
import { manifestsIfValid } from '../../run/manifests-if-valid.ts';
import { fireTiming } from '../../run/next-fire.ts';
import { type OpenedAlone, observe, openAlone, targetOf } from '../../run/prologue.ts';
import type { Run } from '../../run/run.ts';
import type { Configured } from '../../settings/configure.ts';
import { chosen, selectsByTags } from './selected.ts';
import { lookAtRunning } from './still-running.ts';

/** Pauses or resumes the schedules that are named, at once. */
export function switchNamed(run: Run, wish: PauseWish): Promise<ExitCode> {
  return run.interruptible(async () => {
    const opened = openAlone(run);
    if (opened.kind === 'ended') return opened.code;
    const { configured, connection, settings } = opened.value;
    const { reader, writer } = connection;
    const seen = await observe(
      run,
      connection,
      (all) =>
        selectsByTags(run)
          ? all.filter(({ tags }) => tags === undefined).map(({ schedule }) => schedule.name)
          : [],
      { tellsAge: wish.paused },
    );
    if (seen.kind === 'ended') return seen.code;
    const { server, schedules } = seen.value;
    const observed = new Map(schedules.map((one) => [one.schedule.name, one]));
    const selected = chosen(run, { observed: schedules, desired: [] });
    if (selected.kind === 'ended') return selected.code;
    const { names, caught } = selected.value;
    const isSwitched = (name: string): boolean => observed.get(name)?.schedule.paused === wish.paused;
    const othersOwner = othersOwnerOf(configured, server.capabilities);
    const caughtWords = names.map((name) =>
      wordsOfCaught(name, isSwitched(name), othersOwner(observed.get(name))),
    );
    const changesAny = !names.every(isSwitched);
    const stopped = caught ? await confirmCaught(run, caughtWords, changesAny, wish) : undefined;
    if (stopped !== undefined) return stopped;

    const manifestOf = await manifestWords(run, configured, wish.paused);
    const { capabilities } = server;
    const options: SwitchOptions = {
      reader,
      writer,
      capabilities,
      parallelism: settings.parallelism,
      maxRetries: settings.maxRetries,
      retryDelay: connection.retryDelay,
      wait: run.wait,
      stopped: () => run.signal.aborted,
    };
    const named = names.flatMap((name) => observed.get(name) ?? []);
    const claims = wish.paused
      ? named.filter((one) => isClaimed(one) && isNews(one, wish.reason, capabilities))
      : [];
    const todo = named.filter((one) => one.schedule.paused !== wish.paused && !claims.includes(one));
    const ends = new Map(await switchMany(todo.map(nameOf), wish, options));
    await onEach(claims, options.parallelism, options.stopped, async (one) => {
      ends.set(nameOf(one), await claimPause(one, wish.reason, options));
    });
    const tried = new Set([...todo, ...claims].map(nameOf));
    const look =
      wish.paused && !run.signal.aborted
        ? await lookAtRunning(
            reader,
            (name) => names.includes(name),
            () => false,
          )
        : undefined;
    const missed = wish.paused
      ? await missedBy(
          run,
          seen.value.clockSkew,
          connection,
          settings,
          donesOf(
            named.filter((one) => tried.has(nameOf(one)) && !one.schedule.paused),
            ends,
          ),
        )
      : undefined;
    const document = switchDocument(
      {
        action: wish.paused ? 'pause' : 'resume',
        target: targetOf(connection, server),
        interrupted: run.signal.aborted,
        requests: connection.counts(),
        schedules: names.map((name) => ({
          name,
          ...outcomeOf(tried.has(name), ends.get(name)),
          ...present({ possiblyMissed: missed?.get(name) }),
          ...othersOwner(observed.get(name)),
          ...beforeOf(observed.get(name)),
          ...manifestOf(name),
        })),
        closingLook: look,
      },
      [],
    );
    run.report(document);
    return exitOfSwitch(document);
  });
}

/** The fires that pauses may have cost, which came at once. */
export function missedBy(
  run: Run,
  skew: number,
  { reader }: Connection,
  { parallelism }: OpenedAlone['settings'],
  paused: readonly ObservedSchedule[],
): ReturnType<typeof missedByPauses> {
  const now = (): number => run.now() + skew;
  return missedByPauses(paused, {
    ...fireTiming,
    reader,
    parallelism,
    now,
    stopped: () => run.signal.aborted,
  });
}

function donesOf(
  switched: readonly ObservedSchedule[],
  ends: ReadonlyMap<string, SwitchEnd>,
): readonly ObservedSchedule[] {
  return switched.filter((one) => ends.get(nameOf(one))?.kind === 'done');
}

/** A pause, a resume and a save are all the server remembers of what was before: past runs can no longer be judged. */
export function noteEvidence(run: Run): void {
  const note =
    'Later audits cannot judge fires from before this change: save an audit first (`downbeat audit -o json=before.json`).';
  run.say(`${wrap(note, run.width, '').join('\n')}\n`);
}

/** Whoever typed a pattern sees what it caught before anything is written. */
async function confirmCaught(
  run: Run,
  words: readonly string[],
  changes: boolean,
  { paused }: PauseWish,
): Promise<ExitCode | undefined> {
  const unasked = cannotAsk(run, { or: ', or name the schedules' });
  if (unasked !== undefined) return unasked;
  run.warn(`${wrap(`${many(words.length, 'schedule')}: ${words.join(', ')}`, run.width, '').join('\n')}\n`);
  if (changes) noteEvidence(run);
  return confirm(run, `${paused ? 'Pause' : 'Resume'} ${words.length === 1 ? 'it' : 'them'}?`);
}

function wordsOfCaught(name: string, isSwitched: boolean, { owner }: Pick<Switched, 'owner'>): string {
  const notes = [
    ...(isSwitched ? ['already'] : []),
    ...(owner === undefined ? [] : [`of ${terminalText(owner)}`]),
  ];
  return `${terminalText(name)}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`;
}

/** The owner of a schedule that belongs to another one than this run acts for. */
export function othersOwnerOf(
  { config }: Configured,
  capabilities: Capabilities,
): (observed: ObservedSchedule | undefined) => Pick<Switched, 'owner'> {
  const place = placesOf(capabilities).marker;
  return (observed) => {
    const other = observed && unmarked(observed, place).markers.find(({ owner }) => owner !== config.owner);
    return present({ owner: other?.owner });
  };
}

function nameOf({ schedule }: ObservedSchedule): string {
  return schedule.name;
}

function outcomeOf(tried: boolean, end: SwitchEnd | undefined): Omit<Switched, 'name'> {
  if (!tried) return { outcome: 'already' };
  if (end === undefined || end.kind === 'not-run') return { outcome: 'not-run' };
  if (end.kind === 'failed') return { outcome: 'failed', failure: end.failure };
  return { outcome: 'done', ...(end.reasonLost ? { reasonLost: true } : {}) };
}

/** The pause that was there before, if there was one. */
export function beforeOf(observed: ObservedSchedule | undefined): Pick<Switched, 'before'> {
  if (observed?.schedule.paused !== true) return {};
  return { before: pauseFacts(observed.schedule.pausedReason, observed.facts) };
}

/** What the manifests say of a schedule that is paused or resumed by hand; nothing where they do not set it. */
export async function manifestWords(
  run: Run,
  configured: Configured,
  paused: boolean,
): Promise<(name: string) => Pick<Switched, 'manifest'>> {
  const manifests = await manifestsIfValid(run, configured);
  const desired: ReadonlyMap<string, DesiredSchedule> = new Map(
    manifests.kind === 'read' ? manifests.desired.map((one) => [one.schedule.name, one]) : [],
  );
  return (name) => {
    const manifest = desired.get(name);
    if (manifest === undefined) return {};
    const says = manifest.pause?.paused;
    return { manifest: { origin: manifest.origin, disagrees: says !== undefined && says !== paused } };
  };
}

export function exitOfSwitch({
  counts,
  interrupted,
  schedules,
  problems,
  closingLook: look,
}: SwitchDocument): ExitCode {
  if (interrupted) return exitCodes.interrupted;
  const isOpen = problems.length > 0 || schedules.some(({ otherMark }) => otherMark);
  if (counts.failed + counts.notRun === 0 && !isOpen) {
    const isRunning = look?.outcome === 'failed' || look?.stillRunning.some(({ ignored }) => !ignored);
    return isRunning ? exitCodes.partial : exitCodes.fine;
  }
  return counts.done > 0 ? exitCodes.partial : exitCodes.error;
}
