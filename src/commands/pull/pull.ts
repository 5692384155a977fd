import type { Options } from '../../argv/program.ts';
import { lostComments } from '../../manifest/edit/lost-comments.ts';
import { type HidingOf, shownTexts } from '../../manifest/secrets/mask-text.ts';
import { type ExitCode, exitCodes } from '../../model/exit.ts';
import type { Hiding } from '../../model/hiding/hiding.ts';
import type { ServerIdentity } from '../../model/port.ts';
import { present } from '../../model/present.ts';
import type { Policy } from '../../model/run-policy.ts';
import type { DesiredSchedule, ObservedSchedule } from '../../model/schedule.ts';
import { hiddenBy } from '../../plan/field-changes.ts';
import { namesWithTags } from '../../plan/plan.ts';
import { isRule, severityOf } from '../../problems/codes.ts';
import { pullDocument } from '../../report/documents/pull.ts';
import type { PulledFile, PullResult } from '../../report/documents/pull-result.ts';
import { placed } from '../../run/load-manifests.ts';
import { done, ended, loadSound, observe, open, type Stage, settle, targetOf } from '../../run/prologue.ts';
import type { Run } from '../../run/run.ts';
import type { Configured } from '../../settings/configure.ts';
import { policyOf } from '../../settings/run-policy.ts';
import type { UsageError } from '../../settings/settings.ts';
import { schemaFrom, secretLines } from './around-manifests.ts';
import type { PullFile } from './edited-files.ts';
import { anyServer, fileOf, readFrom } from './from-file.ts';
import { pulling } from './pull-plan.ts';

/** Brings the server's side into the files. */
export async function run(run: Run): Promise<ExitCode> {
  const { options } = run;
  const clash = clashOf(options);
  if (clash !== undefined) return run.refuse(clash);
  const settled = settle(run);
  if (settled.kind === 'ended') return settled.code;
  const { config } = settled.value;
  const policy = policyOf(options, config, run.env);
  if (!policy.ok) return run.refuse(policy.usage);
  const unmanaged = options.unmanaged === true || options.from !== undefined;
  if (unmanaged && settled.value.presets !== undefined)
    return run.refuse({
      message: `new manifests cannot be written for the environment ${config.environment ?? ''}: it sets the pause, tags or name of every schedule`,
      hint: 'use another --env, or none',
    });

  const loaded = await loadSound(run, settled.value, {
    allowEmpty: unmanaged,
    allowMissing: unmanaged && config.isWholeDirectory,
    missingSecrets: 'opaque',
    keepSources: true,
    anySecret: true,
    // What an earlier pull brought may break one.
    rulesWarn: true,
  });
  if (loaded.kind === 'ended') return loaded.code;
  const { desired, written, problems } = loaded.value;
  if (written === undefined) throw new Error('manifests were read without their sources');

  const seen =
    options.from === undefined
      ? await seeServer(run, settled.value, policy.value, desired)
      : seeFile(run, options.from);
  if (seen.kind === 'ended') return seen.code;
  const { schedules, server, url, from } = seen.value;

  const found = pulling({
    desired,
    written,
    observed: schedules,
    isPartial: options.from !== undefined || options.workflow !== undefined,
    server,
    url,
    isFile: from.kind === 'file',
    now: run.now(),
    hide: run.masker.hide,
    policy: policy.value,
    config,
    unmanaged,
    ...present({ schema: schemaFrom(config, run.files) }),
  });
  const unknown = found.plan.diagnostics.filter(({ code }) => code === 'unknown-target');
  if (unknown.length > 0) return run.fail(placed(unknown));
  const { plan: _plan, brokenRules, files: edited, ...rest } = found;
  const manifests = new Map(desired.map((one) => [one.schedule.name, one]));
  const hidingOf = (name: string): Hiding => hiddenBy(policy.value, manifests.get(name));
  const files = edited.map((file) => pulledFile(run, file, hidingOf));
  const { check = false, showSensitive = false } = options;
  const result: PullResult = { ...rest, from, check, files };
  // What an edited file breaks is said of the file as it is now.
  const replaced = new Set(files.flatMap(({ path, kind }) => (kind === 'edit' ? [path] : [])));
  const standing = problems.filter(
    ({ diagnostic: { code }, at }) =>
      at === undefined ||
      !replaced.has(at.file) ||
      !isRule(code) ||
      severityOf(code, config.rules) !== 'error',
  );
  const document = pullDocument(result, [...standing, ...brokenRules], { showSensitive });
  run.report(document);
  run.tell(document);
  if (!check) run.say(secretLines(document.secrets, run.files));
  if (files.some(({ outcome }) => outcome.kind === 'failed')) return exitCodes.error;
  return check && files.length > 0 ? exitCodes.changes : exitCodes.fine;
}

/** A file as it is shown, and written unless it is only looked at. */
function pulledFile(run: Run, file: PullFile, hidingOf: HidingOf): PulledFile {
  const { check = false, showSensitive = false } = run.options;
  const { path, before = '', after, schedules } = file;
  const shown = showSensitive ? { before, after } : shownTexts(before, after, hidingOf);
  return {
    path,
    kind: file.before === undefined ? 'create' : 'edit',
    shownBefore: shown.before,
    shownAfter: shown.after,
    schedules,
    lostComments: file.before === undefined ? [] : lostComments(shown.before, shown.after),
    outcome: check ? { kind: 'not-asked' } : writing(run, file),
  };
}

/** What there is to pull. */
type Seen = {
  readonly schedules: readonly ObservedSchedule[];
  readonly server: ServerIdentity;
  readonly url: string;
  readonly from: PullResult['from'];
};

function seeFile(run: Run, path: string): Stage<Seen> {
  const read = readFrom(path, run.files);
  if (!read.ok) return ended(run.refuse(read.usage));
  if (read.value.kind === 'broken') return ended(run.fail(read.value.problems));
  return done({
    schedules: ofWorkflow(read.value.schedules, run.options.workflow),
    server: anyServer,
    url: '',
    from: { kind: 'file', file: fileOf(path) },
  });
}

async function seeServer(
  run: Run,
  configured: Configured,
  policy: Policy,
  desired: readonly DesiredSchedule[],
): Promise<Stage<Seen>> {
  const { workflow, unmanaged } = run.options;
  const opened = open(run, configured);
  if (opened.kind === 'ended') return opened;
  const { connection } = opened.value;
  const named = new Set(desired.map(({ schedule }) => schedule.name));
  const tagged = (all: readonly ObservedSchedule[]): readonly string[] => {
    const schedules = ofWorkflow(all, workflow);
    const fresh = unmanaged
      ? schedules.filter(({ schedule, tags }) => tags === undefined && !named.has(schedule.name))
      : [];
    return [...namesWithTags(desired, schedules, policy), ...fresh.map(({ schedule }) => schedule.name)];
  };
  const seen = await observe(run, connection, tagged, { workflow });
  if (seen.kind === 'ended') return seen;
  const { schedules, server } = seen.value;
  return done({
    schedules: ofWorkflow(schedules, workflow),
    server,
    url: connection.url,
    from: { kind: 'server', target: targetOf(connection, server) },
  });
}

/** Servers are asked for one workflow's; whether they obey is seen here. */
function ofWorkflow(
  schedules: readonly ObservedSchedule[],
  workflow: string | undefined,
): readonly ObservedSchedule[] {
  if (workflow === undefined) return schedules;
  return schedules.filter(({ schedule }) => schedule.startWorkflowRequest.name === workflow);
}

function writing({ files }: Run, { path, before, after }: PullFile): PulledFile['outcome'] {
  const over =
    before === undefined ? ({ over: 'nothing', folders: true } as const) : { over: { text: before } };
  const trouble = files.writeFile(path, after, { ...over, durable: true });
  return trouble === undefined ? { kind: 'written' } : { kind: 'failed', why: trouble.why };
}

/** Flags that would be without effect together. */
function clashOf({ from, server }: Options): UsageError | undefined {
  if (from === undefined || server === undefined) return undefined;
  return {
    message: '--from cannot be used with --server',
    hint: 'remove one of the two: --from needs no server',
  };
}
