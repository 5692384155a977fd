import { apply } from '../apply/apply.ts';
import type { Options } from '../argv/program.ts';
import type { Connection } from '../conductor/connect.ts';
import type { Io } from '../io/io.ts';
import { type ExitCode, exitOfResult } from '../model/exit.ts';
import type { Plan } from '../model/plan.ts';
import type { RunEntry } from '../model/run-entry.ts';
import { firesOfChanges } from '../plan/fires-of-changes.ts';
import type { LocatedDiagnostic } from '../problems/diagnostic.ts';
import { withRun } from '../report/documents/document.ts';
import { planDocument } from '../report/documents/plan.ts';
import { resultDocument } from '../report/documents/result.ts';
import { withoutSecrets } from '../report/documents/secrets.ts';
import type { ConnectionSettings, Output } from '../settings/settings.ts';
import { emit, tell } from './emit.ts';
import { nextFireOf } from './next-fire.ts';
import type { Observed } from './stages.ts';

/** A plan and the server that it is for. */
export interface Ready {
  readonly plan: Plan;
  readonly observed: Observed;
  readonly connection: Connection;
  readonly settings: ConnectionSettings;
  readonly outputs: readonly Output[];
  readonly secretValues: readonly string[];
  readonly run: RunEntry;
}

/**
 * Shows the plan that is about to be applied. It is for people: what machines asked for is the result, so only text on
 * stdout gets both, unless the plan is all there will be (`final`).
 */
export function show(
  { plan, observed, outputs, secretValues, run }: Omit<Ready, 'connection' | 'settings'>,
  problems: readonly LocatedDiagnostic[],
  options: Options,
  io: Io,
  { final }: { readonly final: boolean },
): void {
  // Where a saved plan finds nothing to change, there is no before and after.
  const changes = plan.changes.filter(({ fields }) => fields.length > 0);
  const document = withoutSecrets(
    withRun(
      planDocument(plan, problems, {
        showSensitive: options.showSensitive === true,
        fires: firesOfChanges({ ...plan, changes }, observed.schedules, observed.at),
      }),
      run,
    ),
    secretValues,
  );
  emit(io, final ? outputs : outputs.filter(isText), document);
  tell(io, outputs, document);
}

/** Applies a plan that was shown and approved, and reports what became of each step. */
export async function carryOut(
  { plan, observed, connection, settings, outputs, secretValues, run }: Ready,
  options: Options,
  io: Io,
  signal: AbortSignal,
): Promise<ExitCode> {
  const result = await apply(plan, {
    reader: connection.reader,
    writer: connection.writer,
    capabilities: observed.server.capabilities,
    seen: { schedules: observed.schedules, at: observed.at + observed.clockSkew },
    parallelism: settings.parallelism,
    failFast: options.failFast === true,
    maxRetries: settings.maxRetries,
    now: () => io.now() + observed.clockSkew,
    wait: (milliseconds) => io.wait(milliseconds, signal),
    nextFire: nextFireOf,
    stopped: () => signal.aborted,
    counts: connection.counts,
    ...progressOn(
      io,
      plan.changes.reduce((sum, { steps }) => sum + steps.length, 0),
    ),
  });
  const document = withoutSecrets(withRun(resultDocument(result, []), run), secretValues);
  const ran = plan.verdict === 'ready';
  if (ran && outputs.some(isText)) io.out('\n');
  tell(io, outputs, document);
  const wrote = emit(io, ran ? outputs : outputs.filter((one) => !isText(one)), document);
  return wrote || exitOfResult(result);
}

/** For people, on stdout. */
function isText({ format, to }: Output): boolean {
  return format === 'text' && to.kind === 'stdout';
}

/** From so many steps on, somebody who waits at a terminal wants to see that it goes on. */
const longApply = 20;

/** One line that counts, on a terminal alone, and gone at the end. */
function progressOn(io: Io, total: number): { readonly onStep?: () => void } {
  if (!io.terminal.err || total < longApply) return {};
  let ended = 0;
  return {
    onStep: () => {
      ended += 1;
      const line = `${ended} of ${total} steps`;
      io.err(ended < total ? `\r${line}` : `\r${' '.repeat(line.length)}\r`);
    },
  };
}
