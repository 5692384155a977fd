import { type Failure, fail, type Operation, type Outcome, type Writer } from '../../model/port.ts';

/** The steps of a plan write by these. */
export type StepWriter = Pick<Writer, 'save' | 'delete' | 'pause' | 'resume' | 'putTags' | 'deleteTags'>;

/** A writing door that sends nothing once `stopped` says so, whatever loop or retry knocks at it. `onWrite`: before each write. */
export function stoppable(writer: StepWriter, stopped: () => boolean, onWrite: () => void): StepWriter {
  const unless = async <T>(
    operation: Operation,
    schedule: string,
    write: () => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> => {
    if (stopped()) return fail(interrupted(operation, schedule));
    onWrite();
    return write();
  };
  return {
    save: (body, mode) => unless('save', body.name, () => writer.save(body, mode)),
    delete: (name) => unless('delete', name, () => writer.delete(name)),
    pause: (name, reason) => unless('pause', name, () => writer.pause(name, reason)),
    resume: (name) => unless('resume', name, () => writer.resume(name)),
    putTags: (name, tags) => unless('tags set', name, () => writer.putTags(name, tags)),
    deleteTags: (name, tags) => unless('tags delete', name, () => writer.deleteTags(name, tags)),
  };
}

function interrupted(operation: Operation, schedule: string): Failure {
  return {
    kind: 'interrupted',
    operation,
    schedule,
    method: '',
    url: '',
    words: 'stopped before it was sent',
    attempts: 0,
    effect: 'none',
  };
}
