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
      message: said === 0 ? 'no schedules given' : 'names, --all and --record cannot be combined',
      hint: 'pass names or patterns, --selector, --workflow, --all for the whole server, or --record FILE from an earlier pause',
    });
  }
  if (record !== undefined) return restartFromRecord(run, record);
  if (!all) return switchNamed(run, { paused: false });
  return switchServer(run, {
    operation: 'resume all',
    words: ({ pauseAll }) =>
      pauseAll === 'one process'
        ? 'This resumes polling in the one server process that gets the request. Schedules that are paused ' +
          'individually stay paused. Fires that were due in the meantime start late: one per schedule, or all ' +
          'of them with catch-up.'
        : 'It is not known what this does on this server: whether it also resumes schedules ' +
          'that somebody paused, and what happens to the fires in between.',
    question: 'Resume the scheduler?',
    send: (writer) => writer.resumeAll(),
  });
}
