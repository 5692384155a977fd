import { type ExitCode, exitCodes } from '../model/exit.ts';
import { isRefused, type Plan } from '../model/plan.ts';
import type { DiagnosticCode } from '../problems/codes.ts';
import type { JudgedPlan } from './plan.ts';

const wrongSelections: ReadonlySet<DiagnosticCode> = new Set([
  'unknown-target',
  'rename-outside',
  'rename-elsewhere',
]);

/** Whether schedules are left alone because of whose they are. */
export function isRefusedInPart({ changes }: Pick<Plan, 'changes'>): boolean {
  return changes.some(isRefused);
}

/** `undefined`: it is not known what changes, and whoever asks whether anything does gets no answer. */
export function exitOfPlan(plan: JudgedPlan | undefined, detailed: boolean): ExitCode {
  if (plan === undefined) return detailed ? exitCodes.error : exitCodes.fine;
  // A selection that cannot be is a wrong command line; everything else that blocks is a refusal.
  if (plan.diagnostics.some(({ code }) => wrongSelections.has(code))) return exitCodes.error;
  if (plan.verdict === 'blocked' || isRefusedInPart(plan)) return exitCodes.refused;
  return detailed && plan.verdict === 'ready' ? exitCodes.changes : exitCodes.fine;
}
