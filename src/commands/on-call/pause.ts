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
        ? 'This stops polling in the one server process that gets the request. No schedule shows as paused. ' +
          'Other processes of the same server keep firing, and a restart undoes the stop. Fires that are ' +
          'due in the meantime start late, when polling resumes: one per schedule, or all of them with ' +
          'catch-up. `--each --record FILE` pauses every schedule individually instead.'
        : 'It is not known what this does on this server: whether schedules show as paused, ' +
          'whether a restart undoes it, and what happens to the fires in between. `--each --record FILE` pauses ' +
          'every schedule individually instead.',
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
      message: '--include-ignored needs --each',
      hint: 'schedules that are named are paused even if they are ignored',
    };
  const isChosen = names.length > 0 || selector !== undefined || workflow !== undefined;
  if (all && isChosen)
    return {
      message: '--all cannot be used with names, --selector or --workflow',
      hint: 'use one of the two',
    };
  if (!all && (each || record !== undefined)) {
    return {
      message: `${each ? '--each' : '--record'} needs --all`,
      hint: 'write `pause --all --each --record FILE`',
    };
  }
  if (!all && !isChosen) {
    return {
      message: 'no schedules given',
      hint: 'pass names or patterns, --selector, --workflow, or --all; `downbeat status` lists the schedules',
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
      message: '--all without --each cannot store a reason',
      hint: 'remove --reason, or pause with --all --each --record FILE',
    };
  }
  return undefined;
}
