import {
  restartEach,
  type StandstillEnd,
  type StandstillOptions,
  type StandstillResult,
  stopEach,
} from '../../apply/standstill.ts';
import type { Request } from '../../argv/program.ts';
import type { Io } from '../../io/io.ts';
import type { ExitCode } from '../../model/exit.ts';
import { ignoredBy } from '../../model/ignore.ts';
import { type Outcome, succeed } from '../../model/port.ts';
import { recordFormat, type Standstill } from '../../model/standstill.ts';
import {
  pauseFacts,
  type SwitchDocument,
  type Switched,
  switchDocument,
} from '../../report/documents/switch.ts';
import { confirm, interruptible, nobodyToAsk } from '../../run/confirm.ts';
import { type Connected, connected, outdatedProblem } from '../../run/connect-only.ts';
import { emit, usageError } from '../../run/emit.ts';
import { readRecord, recordText } from './record-file.ts';
import { exitOfSwitch, manifestWords } from './switch-named.ts';

/** Pauses every running schedule by itself and remembers which they were. */
export function stopAndRecord(request: Request, io: Io, path: string): Promise<ExitCode> {
  return withRecord(request, io, path, 'pause', async ({ opened, options }, found, confirmed) => {
    const { reader, url } = opened.connection;
    // One whose schedules run again is done with; another begins in its place.
    const begins = found === undefined || found.resumedAt !== undefined;
    const ended = await confirmed(async () => {
      const list = await reader.list();
      if (!list.ok) return list;
      const running = list.value.schedules.filter(
        ({ schedule }) => !schedule.paused && !options.ignores(schedule.name),
      );
      const again = begins ? '' : `, going on with the record of ${found.running.length}`;
      return succeed(`Pause ${running.length} running schedules one by one${again}?`);
    });
    if (ended !== undefined) return ended;
    return stopEach(begins ? newRecord(url, io) : found, request.options.reason, options);
  });
}

/** Resumes exactly what a record has. */
export function restartFromRecord(request: Request, io: Io, path: string): Promise<ExitCode> {
  return withRecord(request, io, path, 'resume', async ({ options }, found, confirmed) => {
    if (found === undefined) {
      return usageError(io, {
        message: `there is no record ${JSON.stringify(path)}`,
        hint: 'name the file that `pause --all --each --record FILE` wrote',
      });
    }
    const ended = await confirmed(async () =>
      succeed(`Resume the ${found.running.length} schedules of the record?`),
    );
    if (ended !== undefined) return ended;
    return restartEach(found, options);
  });
}

interface Open {
  readonly opened: Connected;
  readonly options: StandstillOptions;
}

async function withRecord(
  request: Request,
  io: Io,
  path: string,
  action: SwitchDocument['action'],
  carryOut: (
    open: Open,
    found: Standstill | undefined,
    confirmed: (question: () => Promise<Outcome<string>>) => Promise<ExitCode | undefined>,
  ) => Promise<StandstillResult | ExitCode>,
): Promise<ExitCode> {
  const unasked = nobodyToAsk(
    io,
    request.options,
    action === 'pause' ? 'pause --all --each' : 'resume --record',
  );
  if (unasked !== undefined) return unasked;
  return interruptible(io, async (signal) => {
    const opening = connected(request, io, signal);
    if (opening.kind === 'ended') return opening.code;
    const opened = opening.value;
    const { connection, configured, settings, outputs, fail, refuse } = opened;
    const found = readRecord(io, path, connection.url);
    if (!found.ok) return usageError(io, found.usage);
    const server = await connection.reader.identify();
    if (!server.ok) return fail(server.failure);
    const outdated = outdatedProblem(server.value);
    if (outdated.length > 0) return refuse(outdated);
    const { serverType, version, capabilities } = server.value;

    const result = await carryOut(
      {
        opened,
        options: {
          reader: connection.reader,
          writer: connection.writer,
          capabilities,
          parallelism: settings.parallelism,
          maxRetries: settings.maxRetries,
          now: io.now,
          wait: (milliseconds) => io.wait(milliseconds, signal),
          stopped: () => signal.aborted,
          ignores: ignoredBy(configured.config.ignore),
          remember: (record) => io.writeDurably(path, recordText(record)),
        },
      },
      found.value,
      async (question) => {
        if (request.options.autoApprove) return undefined;
        const asked = await question();
        return asked.ok ? confirm(io, request.options, asked.value, signal) : fail(asked.failure);
      },
    );
    if (typeof result === 'number') return result;
    if (result.kind === 'failed') return fail(result.failure);
    if (result.kind === 'unwritten') {
      return usageError(io, {
        message: `the record ${JSON.stringify(path)} could not be written: ${result.why}`,
        hint: 'nothing is paused that is not in it: make the place writable, or name another --record',
      });
    }
    const manifestOf = manifestWords(io, configured, action === 'pause');
    const document = switchDocument(
      {
        action,
        target: { url: connection.url, serverType, ...(version === undefined ? {} : { version }) },
        interrupted: signal.aborted,
        requests: connection.counts(),
        record: path,
        schedules: [...result.ends].map(([name, end]) => ({ name, ...outcomeOf(end), ...manifestOf(name) })),
      },
      [],
    );
    return emit(io, outputs, document) || exitOfSwitch(document);
  });
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
      return { outcome: 'left', before: pauseFacts(schedule.pausedReason, facts) };
    }
    case 'gone':
      return { outcome: 'left', gone: true };
    case 'failed':
      return { outcome: 'failed', failure: end.failure };
    default:
      return { outcome: end.kind };
  }
}

function newRecord(server: string, io: Io): Standstill {
  const mark = Math.floor(io.random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
  return { format: recordFormat, kind: 'record', server, at: io.now(), mark, running: [] };
}
