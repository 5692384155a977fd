import type { RecordKeeper } from '../../apply/standstill/kept-record.ts';
import { restartEach } from '../../apply/standstill/restart.ts';
import {
  type Pauses,
  type StandstillEnd,
  type StandstillOptions,
  type StandstillResult,
  stopEach,
} from '../../apply/standstill/stop.ts';
import type { Connection } from '../../conductor/connect.ts';
import type { ExitCode } from '../../model/exit.ts';
import { ignoredBy } from '../../model/ignore.ts';
import type { ServerIdentity } from '../../model/port.ts';
import { present } from '../../model/present.ts';
import { compareText } from '../../model/schedule.ts';
import type { Standstill } from '../../model/standstill.ts';
import { type Diagnostic, problem } from '../../problems/diagnostic.ts';
import type { SwitchDocument } from '../../report/documents/generated/documents.ts';
import { pauseFacts, type Switched, switchDocument } from '../../report/documents/switch.ts';
import { cannotAsk, confirm } from '../../run/confirm.ts';
import { placed } from '../../run/load-manifests.ts';
import { clockSkewOf } from '../../run/observe.ts';
import { identify, type OpenedAlone, openAlone, targetOf } from '../../run/prologue.ts';
import type { Run } from '../../run/run.ts';
import { keeperOf, readRecord } from './record-file.ts';
import { lookAtRunning } from './still-running.ts';
import { exitOfSwitch, manifestWords, missedBy, noteEvidence, othersOwnerOf } from './switch-named.ts';

/** Pauses every running schedule by itself and remembers which they were. */
export function stopAndRecord(run: Run, path: string): Promise<ExitCode> {
  return withRecord(run, path, 'pause', async ({ connection, options }, found) => {
    const { reader, url } = connection;
    // One whose schedules run again is no longer needed; a new one replaces it.
    const begins = found === undefined || found.resumedAt !== undefined;
    if (!run.options.autoApprove) {
      const list = await reader.list();
      if (!list.ok) return run.fail([], list.failure);
      const running = list.value.schedules.filter(
        ({ schedule }) => !schedule.paused && !options.ignores(schedule.name),
      );
      const again = begins ? '' : `, continuing the record of ${found.running.length}`;
      const ignored = list.value.schedules.filter(
        ({ schedule }) => !schedule.paused && options.ignores(schedule.name),
      ).length;
      const without = ignored === 0 ? '' : `, except the ${ignored} under \`ignore\``;
      const question = `Pause ${running.length} running schedules one by one${without}${again}?`;
      if (running.length > 0) noteEvidence(run);
      const stopped = await confirm(run, question);
      if (stopped !== undefined) return stopped;
    } else noteEvidence(run);
    return stopEach(newRecord(run, url), run.options.reason, options);
  });
}

/** Resumes exactly what a record has. */
export function restartFromRecord(run: Run, path: string): Promise<ExitCode> {
  return withRecord(run, path, 'resume', async ({ options }, found) => {
    if (found === undefined) {
      return run.refuse({
        message: `record ${JSON.stringify(path)} not found`,
        hint: 'pass the file that `pause --all --each --record FILE` wrote',
      });
    }
    noteEvidence(run);
    const stopped = await confirm(run, `Resume the ${found.running.length} schedules in the record?`);
    if (stopped !== undefined) return stopped;
    // Another run may have written it while the question was open.
    const now = options.keeper.read();
    return restartEach(now.ok ? (now.record ?? found) : found, options);
  });
}

type Open = { readonly connection: Connection; readonly options: StandstillOptions };

/** Asks, carries out, and returns what became of it; or the exit code of a run that is over. */
type Standing = (open: Open, found: Standstill | undefined) => Promise<StandstillResult | ExitCode>;

async function withRecord(
  run: Run,
  path: string,
  action: SwitchDocument['action'],
  carryOut: Standing,
): Promise<ExitCode> {
  const unasked = cannotAsk(run);
  if (unasked !== undefined) return unasked;
  return run.interruptible(async () => {
    const opened = openAlone(run);
    if (opened.kind === 'ended') return opened.code;
    const { connection, configured } = opened.value;
    const found = readRecord(run.files, path, connection.url);
    if (!found.ok) return run.refuse(found.usage);
    const keeper = keeperOf(run.files, path, connection.url);
    const server = await identify(run, connection, { tellsAge: true });
    if (server.kind === 'ended') return server.code;
    const options = standstillOptions(run, opened.value, server.value, keeper);
    const result = await carryOut({ connection, options }, found.value);
    if (typeof result === 'number') return result;
    if (result.kind === 'failed') return run.fail([], result.failure);
    if (result.kind === 'unwritten') {
      return run.refuse({
        message: `the record ${JSON.stringify(path)} could not be written: ${result.why}`,
        hint: 'only schedules in the record are paused: make the file writable, or choose another --record',
      });
    }
    const manifestOf = await manifestWords(run, configured, action === 'pause');
    const look =
      action === 'pause' && !run.signal.aborted
        ? await lookAtRunning(connection.reader, () => true, options.ignores)
        : undefined;
    const missed = await missedByEach(run, opened.value, result.pauses);
    const othersOwner = othersOwnerOf(configured, server.value.capabilities);
    const seen = new Map((result.pauses?.befores ?? []).map((one) => [one.schedule.name, one]));
    const document = switchDocument(
      {
        action,
        target: targetOf(connection, server.value),
        interrupted: run.signal.aborted,
        requests: connection.counts(),
        record: path,
        schedules: [...result.ends]
          .sort(([a], [b]) => compareText(a, b))
          .map(([name, end]) => ({
            name,
            ...outcomeOf(end),
            ...othersOwner(seen.get(name)),
            ...present({ possiblyMissed: missed?.get(name) }),
            ...manifestOf(name),
          })),
        closingLook: look,
      },
      result.broken === undefined ? [] : placed([brokenRecord(path, result.broken)]),
    );
    run.report(document);
    for (const { message, hint } of document.problems) run.warn(`error: ${message}\nhint: ${hint}\n`);
    return exitOfSwitch(document);
  });
}

async function missedByEach(
  run: Run,
  { connection, settings }: OpenedAlone,
  pauses: Pauses | undefined,
): Promise<ReadonlyMap<string, readonly number[]> | undefined> {
  if (pauses === undefined) return undefined;
  const skew = clockSkewOf(pauses.serverTime, pauses.ours);
  return missedBy(run, skew, connection, settings, pauses.befores);
}

function brokenRecord(path: string, why: string): Diagnostic {
  const message = `the record ${JSON.stringify(path)}: ${why}`;
  const hint =
    'this run stopped there: check what it lists, then run `resume --record`, or the same command again';
  return problem('usage', { message, hint }, { kind: 'nowhere' });
}

function standstillOptions(
  run: Run,
  { connection, settings, configured }: OpenedAlone,
  { capabilities }: ServerIdentity,
  keeper: RecordKeeper,
): StandstillOptions {
  return {
    reader: connection.reader,
    writer: connection.writer,
    capabilities,
    parallelism: settings.parallelism,
    maxRetries: settings.maxRetries,
    retryDelay: connection.retryDelay,
    now: run.now,
    wait: run.wait,
    stopped: () => run.signal.aborted,
    ignores: run.options.includeIgnored ? () => false : ignoredBy(configured.config.ignore),
    keeper,
  };
}

function outcomeOf(end: StandstillEnd): Omit<Switched, 'name'> {
  switch (end.kind) {
    case 'done':
      return {
        outcome: 'done',
        ...(end.reasonLost ? { reasonLost: true } : {}),
        ...(end.changed ? { changed: true } : {}),
      };
    case 'left': {
      const { schedule, facts } = end.seen;
      const before = pauseFacts(schedule.pausedReason, facts);
      return { outcome: 'left', before, ...(end.otherMark ? { otherMark: true } : {}) };
    }
    case 'gone':
      return { outcome: 'left', gone: true };
    case 'failed':
      return { outcome: 'failed', failure: end.failure };
    default:
      return { outcome: end.kind };
  }
}

function newRecord({ random, now }: Run, server: string): Standstill {
  const mark = Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
  return { format: 1, kind: 'record', server, at: now(), mark, running: [] };
}
