import type { Options } from '../../argv/program.ts';
import type { ExitCode } from '../../model/exit.ts';
import { present } from '../../model/present.ts';
import type { Run } from '../../run/run.ts';
import type { UsageError } from '../../settings/settings.ts';
import { stopAndRecord } from './pause-each.ts';
import { switchNamed } from './switch-named.ts';
import { switchServer } from './switch-server.ts';

/** Stops schedules at once: those named, each one that runs, or the scheduler as a whole. */
export async function run(run: Run): Promise<ExitCode> {
  const { options, names = [] } = run.request;
  const wrong = misuse(options, names);
  if (wrong !== undefined) return run.refuse(wrong);
  const { reason, record } = options;
  if (!options.all) return switchNamed(run, { paused: true, ...present({ reason }) });
  if (record !== undefined) return stopAndRecord(run, record);
  return switchServer(run, {
    operation: 'pause all',
    words: ({ pauseAll }) =>
      pauseAll === 'one process'
        ? 'This stops the polling of the one server process that gets the request. No schedule shows as paused. ' +
          'Other processes of the same server go on firing, and a restart lets everything run again. Fires that ' +
          'fall due meanwhile wait, and start late when polling goes on: one for each schedule, with catch-up ' +
          'every one. `--each --record FILE` pauses every schedule by itself instead.'
        : 'What the switch of this server really does nobody has established: whether schedules show as paused, ' +
          'whether a restart undoes it, what becomes of the fires in between. `--each --record FILE` pauses ' +
          'every schedule by itself instead.',
    question: 'Stop the scheduler?',
    send: (writer) => writer.pauseAll(),
  });
}

function misuse(
  { all, each, includeIgnored, record, reason, selector, workflow }: Options,
  names: readonly string[],
): UsageError | undefined {
  if (includeIgnored && !each)
    return {
      message: '--include-ignored goes with --each',
      hint: 'names are paused whether they are ignored or not',
    };
  const isChosen = names.length > 0 || selector !== undefined || workflow !== undefined;
  if (all && isChosen)
    return {
      message: '--all does not go with names, --selector or --workflow',
      hint: 'give one of the two',
    };
  if (!all && (each || record !== undefined)) {
    return {
      message: `${each ? '--each' : '--record'} goes with --all`,
      hint: 'write `pause --all --each --record FILE`',
    };
  }
  if (!all && !isChosen) {
    return {
      message: 'nothing is named',
      hint: 'give names or patterns, --selector, --workflow, or --all; `downbeat status` lists what there is',
    };
  }
  if (all && each !== (record === undefined ? undefined : true)) {
    return {
      message: each ? '--each needs --record FILE' : '--record needs --each',
      hint: 'the file remembers what was running, so that `resume --record FILE` brings back exactly that',
    };
  }
  if (all && !each && reason !== undefined) {
    return {
      message: "the server's own switch stores no reason",
      hint: 'leave --reason out, or pause with --all --each --record FILE',
    };
  }
  return undefined;
}
