import { apply } from '../apply/apply.ts';
import { unfired } from '../apply/unfired.ts';
import { utcText } from '../cron/zone/utc.ts';
import type { Config } from '../model/config.ts';
import { type ExitCode, exitCodes, exitOfResult } from '../model/exit.ts';
import type { Plan } from '../model/plan.ts';
import { present } from '../model/present.ts';
import type { ApplyResult } from '../model/result.ts';
import { isRefusedInPart } from '../plan/exit-of-plan.ts';
import { firesOfChanges } from '../plan/fires-of-changes.ts';
import { bySettings, severityOf } from '../problems/codes.ts';
import { type LocatedDiagnostic, problem } from '../problems/diagnostic.ts';
import { planDocument } from '../report/documents/plan.ts';
import { resultDocument } from '../report/documents/result.ts';
import { terminalText } from '../report/text/escape.ts';
import type { Compared } from './compare-with-server.ts';
import { placed } from './load-manifests.ts';
import { fireTiming } from './next-fire.ts';
import type { Observed } from './observe.ts';
import type { Opened } from './prologue.ts';
import { firesToTell } from './rendering.ts';
import { isPrintedText, type Run } from './run.ts';

/** A plan and the server that it is for. */
export type Ready = Opened & {
  readonly plan: Plan;
  readonly observed: Observed;
  /** The schedules that the manifests or the plan are about. */
  readonly names: ReadonlySet<string>;
  readonly rules: Config['rules'];
  /** What masked values are sealed with in the plan. */
  readonly digestKey?: string;
};

/**
 * Shows the plan that is about to be applied. It is for people: what machines asked for is the result, so only text on
 * stdout gets both, unless the plan is all there will be (`final`).
 */
export function show(
  run: Run,
  {
    plan,
    observed,
    desired,
    sourcesOf,
  }: Pick<Ready, 'plan' | 'observed'> & Partial<Pick<Compared, 'desired' | 'sourcesOf'>>,
  problems: readonly LocatedDiagnostic[],
  { final }: { readonly final: boolean },
): void {
  // Where a saved plan finds nothing to change, there is no before and after.
  const changes = plan.changes.filter(({ fields }) => fields.length > 0);
  const outputs = final ? run.outputs : run.outputs.filter(isPrintedText);
  const view = firesToTell(run, outputs, plan.changes);
  const document = planDocument(plan, problems, {
    showSensitive: run.options.showSensitive === true,
    fires: firesOfChanges({ ...plan, changes }, observed.schedules, observed.at, desired, view),
    ...present({ sourcesOf }),
  });
  run.report(document, outputs);
  run.tell(document);
}

/** Applies a plan that was shown and approved, and reports what became of each step. */
export async function carryOut(
  run: Run,
  { plan, observed, connection, settings, digestKey, names, rules }: Ready,
): Promise<ExitCode> {
  const now = (): number => run.now() + observed.clockSkew;
  const stopped = (): boolean => run.signal.aborted;
  const { reader } = connection;
  const isWatched = severityOf('not-fired', rules) !== 'off';
  const own = observed.schedules.filter(({ schedule }) => isWatched && names.has(schedule.name));
  const silent = await unfired(own, { reader, now, stopped, ...fireTiming });
  const result = await apply(plan, {
    reader,
    writer: connection.writer,
    capabilities: observed.server.capabilities,
    ...present({ digestKey }),
    parallelism: settings.parallelism,
    failFast: run.options.failFast === true,
    ...(run.options.fireWait === undefined ? {} : { fireWait: run.options.fireWait * 1000 }),
    onFireWait: ({ name, at }) => run.say(waitingFor(name, at)),
    maxRetries: settings.maxRetries,
    retryDelay: connection.retryDelay,
    now,
    wait: run.wait,
    ...fireTiming,
    stopped,
    counts: connection.counts,
    ...progressOn(
      run,
      plan.changes.reduce((sum, { steps }) => sum + steps.length, 0),
    ),
  });
  const open = silent.filter(({ name }) => !hasNewTimer(name, result));
  const document = resultDocument(
    result,
    placed(
      bySettings(
        open.map(({ name, at }) => problem('not-fired', { name, at: utcText(at) }, { kind: 'nowhere' })),
        rules,
      ),
    ),
  );
  // The plan has said what there is to say of a run that changed nothing, but for who does not fire.
  const tells = plan.verdict === 'ready' || open.length > 0;
  if (tells && run.outputs.some(isPrintedText)) run.print('\n');
  run.tell(document);
  run.report(document, tells ? run.outputs : run.outputs.filter((one) => !isPrintedText(one)));
  const code = exitOfResult(result);
  return code === exitCodes.fine && isRefusedInPart(plan) ? exitCodes.refused : code;
}

/** A save or a resume of this run has given it one, or it is gone. */
function hasNewTimer(name: string, { steps }: ApplyResult): boolean {
  return steps.some(
    (one) =>
      one.name === name &&
      one.outcome === 'done' &&
      (one.step.kind === 'save' || one.step.kind === 'resume' || one.step.kind === 'delete'),
  );
}

function waitingFor(name: string, at: number): string {
  const fire = `${terminalText(name)} ${utcText(at)}`;
  return `waiting to write until a due fire has started: ${fire} (\`--fire-wait 0\` does not wait)\n`;
}

/** From so many steps on, somebody who waits at a terminal wants to see that it goes on. */
const longApply = 20;

/** One line that counts, on a terminal only, and gone at the end. */
function progressOn({ terminal, say }: Run, total: number): { readonly onStep?: () => void } {
  if (!terminal.err || total < longApply) return {};
  let ended = 0;
  return {
    onStep: () => {
      ended += 1;
      const line = `${ended} of ${total} steps`;
      say(ended < total ? `\r${line}` : `\r${' '.repeat(line.length)}\r`);
    },
  };
}
