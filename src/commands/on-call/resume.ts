import type { ExitCode } from '../../model/exit.ts';
import type { Run } from '../../run/run.ts';
import { restartFromRecord } from './pause-each.ts';
import { switchNamed } from './switch-named.ts';
import { switchServer } from './switch-server.ts';

/** Lets schedules run again: those named, those of a record, or the scheduler as a whole. */
export async function run(run: Run): Promise<ExitCode> {
  const { options, names = [] } = run.request;
  const { all, record, selector, workflow } = options;
  const isChosen = names.length > 0 || selector !== undefined || workflow !== undefined;
  const said = [isChosen, all === true, record !== undefined].filter(Boolean).length;
  if (said !== 1) {
    return run.refuse({
      message: said === 0 ? 'nothing is named' : 'names, --all and --record do not go together',
      hint: 'give names or patterns, --selector, --workflow, --all for the switch of the whole server, or --record FILE of an earlier pause',
    });
  }
  if (record !== undefined) return restartFromRecord(run, record);
  if (!all) return switchNamed(run, { paused: false });
  return switchServer(run, {
    operation: 'resume all',
    words: ({ pauseAll }) =>
      pauseAll === 'one process'
        ? 'This lets the one server process that gets the request poll again. Schedules that are paused ' +
          'themselves stay paused. What fell due meanwhile starts late: one fire for each schedule, with ' +
          'catch-up every one.'
        : 'What the switch of this server really does nobody has established: whether it also resumes schedules ' +
          'that somebody paused, and what becomes of the fires in between.',
    question: 'Let the scheduler go on?',
    send: (writer) => writer.resumeAll(),
  });
}
