import { type SwitchEnd, switchMany } from '../../apply/switch-many.ts';
import type { Request } from '../../argv/program.ts';
import type { Io } from '../../io/io.ts';
import { type ExitCode, exitCodes } from '../../model/exit.ts';
import {
  compareText,
  type DesiredSchedule,
  type ObservedSchedule,
  type PauseWish,
} from '../../model/schedule.ts';
import {
  pauseFacts,
  type SwitchDocument,
  type Switched,
  switchDocument,
} from '../../report/documents/switch.ts';
import { interruptible } from '../../run/confirm.ts';
import { connected, outdatedProblem } from '../../run/connect-only.ts';
import { emit } from '../../run/emit.ts';
import { lenient } from '../../run/manifests-if-valid.ts';
import { unknownNames } from '../../run/unknown-names.ts';

/** Pauses or resumes the schedules that are named, at once. */
export function switchNamed(request: Request, io: Io, wish: PauseWish): Promise<ExitCode> {
  return interruptible(io, async (signal) => {
    const opened = connected(request, io, signal);
    if (opened.kind === 'ended') return opened.code;
    const { configured, connection, settings, outputs, fail, refuse } = opened.value;
    const { reader, writer } = connection;
    const list = await reader.list();
    if (!list.ok) return fail(list.failure);
    const server = await reader.identify();
    if (!server.ok) return fail(server.failure);
    const observed = new Map(list.value.schedules.map((one) => [one.schedule.name, one]));
    const names = [...new Set(request.names ?? [])].sort(compareText);
    const wrong = [...outdatedProblem(server.value), ...unknownNames(names, [...observed.keys()])];
    if (wrong.length > 0) return refuse(wrong);

    const manifestOf = manifestWords(io, configured, wish.paused);
    const todo = names.filter((name) => observed.get(name)?.schedule.paused !== wish.paused);
    const ends = await switchMany(todo, wish, {
      reader,
      writer,
      capabilities: server.value.capabilities,
      parallelism: settings.parallelism,
      maxRetries: settings.maxRetries,
      wait: (milliseconds) => io.wait(milliseconds, signal),
      stopped: () => signal.aborted,
    });
    const { serverType, version } = server.value;
    const document = switchDocument(
      {
        action: wish.paused ? 'pause' : 'resume',
        target: { url: connection.url, serverType, ...(version === undefined ? {} : { version }) },
        interrupted: signal.aborted,
        requests: connection.counts(),
        schedules: names.map((name) => ({
          name,
          ...outcomeOf(todo.includes(name), ends.get(name)),
          ...beforeOf(observed.get(name)),
          ...manifestOf(name),
        })),
      },
      [],
    );
    return emit(io, outputs, document) || exitOfSwitch(document);
  });
}

function outcomeOf(tried: boolean, end: SwitchEnd | undefined): Omit<Switched, 'name'> {
  if (!tried) return { outcome: 'already' };
  if (end === undefined) return { outcome: 'not-run' };
  if (end.kind === 'failed') return { outcome: 'failed', failure: end.failure };
  return { outcome: 'done', ...(end.reasonLost ? { reasonLost: true } : {}) };
}

/** The pause that was there before, if there was one. */
export function beforeOf(observed: ObservedSchedule | undefined): Pick<Switched, 'before'> {
  if (observed?.schedule.paused !== true) return {};
  return { before: pauseFacts(observed.schedule.pausedReason, observed.facts) };
}

/** What the manifests say of a schedule that is paused or resumed by hand; nothing where they do not speak of it. */
export function manifestWords(
  io: Io,
  configured: Parameters<typeof lenient>[1],
  paused: boolean,
): (name: string) => Pick<Switched, 'manifest'> {
  const manifests = lenient(io, configured);
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

export function exitOfSwitch({ counts, interrupted }: SwitchDocument): ExitCode {
  if (interrupted) return exitCodes.interrupted;
  if (counts.failed + counts.notRun === 0) return exitCodes.fine;
  return counts.done > 0 ? exitCodes.partial : exitCodes.error;
}
