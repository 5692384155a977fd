import { type SwitchEnd, type SwitchOptions, switchMany } from '../../apply/switch-many.ts';
import { type ExitCode, exitCodes } from '../../model/exit.ts';
import { explainFailure } from '../../report/documents/failure-words.ts';
import type { AuditDocument, AuditEntry, OverdueCause } from '../../report/documents/generated/documents.ts';
import { terminalText } from '../../report/text/escape.ts';
import { many } from '../../report/text/phrases.ts';
import { wrap } from '../../report/text/wrap.ts';
import { cannotAsk, confirm } from '../../run/confirm.ts';
import type { Run } from '../../run/run.ts';
import type { Seen } from './survey.ts';
import { noteEvidence } from './switch-named.ts';

/** Who sees it paused in between knows why. */
const reason = 'Downbeat sets a new timer (audit --repair)';

/**
 * Gives schedules without a timer a new one by a pause and a resume, after asking. Those that are overdue because
 * nothing fires on the server keep theirs: it waits there.
 */
export async function repairTimers(
  run: Run,
  { chosen, connection, observed, settings }: Seen,
  { schedules }: AuditDocument,
): Promise<ExitCode> {
  const overdue = schedules.filter((entry) => entry.overdue !== undefined);
  const causedBy = (cause: OverdueCause): readonly AuditEntry[] =>
    overdue.filter((entry) => entry.overdue?.cause === cause);
  const byServer = causedBy('server').length;
  const unclear = causedBy('unknown');
  const isNamed = chosen.asked !== undefined;
  // Whoever names a schedule knows it better.
  const broken = [...causedBy('schedule'), ...(isNamed ? unclear : [])];
  const say = (words: string): void => run.warn(`${wrap(words, run.width, '').join('\n')}\n`);
  if (byServer > 0)
    say(
      `${many(byServer, 'schedule')} left alone: nothing fires on this server, and a new timer would lose the waiting fire.`,
    );
  if (unclear.length > 0)
    say(
      isNamed
        ? `${many(unclear.length, 'schedule')} may only be waiting because nothing fires on this server: then a new timer loses the waiting fire.`
        : `${many(unclear.length, 'schedule')} left alone: no other schedule was due since then, so the server may be the cause. Pass the name of a schedule to repair it anyway.`,
    );
  if (broken.length === 0) {
    run.say('No schedule needs a new timer.\n');
    return exitCodes.fine;
  }
  for (const entry of broken) run.warn(`${lostWords(entry, run.width)}\n`);
  if (!run.outputs.some(({ to }) => to.kind === 'file')) noteEvidence(run);
  const unasked = cannotAsk(run);
  if (unasked !== undefined) return unasked;
  const stopped = await confirm(
    run,
    `Pause and resume ${many(broken.length, 'schedule')}, so that each gets a new timer?`,
  );
  if (stopped !== undefined) return stopped;
  const options: SwitchOptions = {
    ...connection,
    capabilities: observed.server.capabilities,
    parallelism: settings.parallelism,
    maxRetries: settings.maxRetries,
    wait: run.wait,
    stopped: () => run.signal.aborted,
  };
  const names = broken.map(({ name }) => name);
  const paused = new Map(await switchMany(names, { paused: true, reason }, options));
  // What was paused is resumed, whoever interrupts it.
  const resumed = new Map(
    await switchMany(
      names.filter((name) => paused.get(name)?.kind === 'done'),
      { paused: false },
      { ...options, stopped: () => false },
    ),
  );
  const done = names.filter((name) => resumed.get(name)?.kind === 'done');
  for (const name of names) run.warn(`${endWords(name, paused.get(name), resumed.get(name))}\n`);
  if (run.signal.aborted) return exitCodes.interrupted;
  if (done.length === names.length) return exitCodes.fine;
  return [...resumed.values()].length > 0 ? exitCodes.partial : exitCodes.error;
}

/** What a new timer does not make up for. */
function lostWords({ name, groups, counts }: AuditEntry, width: number): string {
  const last = groups.findLast((group) => group.class === 'missed');
  const words =
    last === undefined
      ? 'no fire of this interval was missed'
      : `${many(counts.missed, 'fire')} missed, the last at ${last.last}; a new timer does not make up for that`;
  return wrap(`${terminalText(name)}: ${words}`, width, '').join('\n');
}

function endWords(name: string, paused: SwitchEnd | undefined, resumed: SwitchEnd | undefined): string {
  const text = terminalText(name);
  if (resumed?.kind === 'done') return `new timer: ${text}`;
  if (resumed !== undefined)
    return `PAUSED and not resumed: ${text}${failureText(resumed)}; run \`downbeat resume ${text}\``;
  return `not repaired: ${text}${failureText(paused)}`;
}

function failureText(end: SwitchEnd | undefined): string {
  return end?.kind === 'failed' ? `: ${terminalText(explainFailure(end.failure).message)}` : '';
}
