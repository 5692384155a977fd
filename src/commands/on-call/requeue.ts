import type { ExitCode } from '../../model/exit.ts';
import type { Run } from '../../run/run.ts';
import { switchServer } from './switch-server.ts';

/** Sends the execution records that were left between a start and the archive to the archive again. */
export function run(run: Run): Promise<ExitCode> {
  return switchServer(run, {
    operation: 'requeue',
    words: () =>
      'This sends the records of runs that were left half-way (state POLLED) to the archive again, so that the ' +
      'history shows them. It starts no workflow and changes no schedule.',
    question: 'Requeue all execution records?',
    send: (writer) => writer.requeue(),
  });
}
