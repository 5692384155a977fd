import { isObject, type Json } from '../model/json.ts';
import { type BulkResult, type Operation, type Outcome, succeed, type Writer } from '../model/port.ts';
import type { ObservedSchedule } from '../model/schedule.ts';
import { accept, read, type Session, type Subject } from './perform.ts';
import { bulkFrom, saveText, scheduleNamed, tagsText } from './wire.ts';

/** A bulk request takes no more names than this (OSS v3.32.1: 400). */
const bulkLimit = 1000;

/** The writing door of a connection. */
export function writer(session: Session): Writer {
  const { perform } = session;

  const send = async (operation: Operation, subject: Subject): Promise<Outcome<null>> => {
    const got = await perform(operation, subject);
    return got.ok ? accept(session, got.value) : got;
  };

  /** The switches of the whole scheduler: what they answer is shown, so any JSON will do, and nothing at all. */
  const command = async (operation: Operation): Promise<Outcome<Json>> => {
    const got = await perform(operation);
    if (!got.ok) return got;
    return got.value.answer.text === '' ? succeed(null) : read(session, got.value, (value) => value, 'JSON');
  };

  const bulk = async (
    operation: 'bulk pause' | 'bulk resume',
    names: readonly string[],
    single: (name: string) => Promise<Outcome<null>>,
  ): Promise<Outcome<BulkResult>> => {
    let done: BulkResult = { succeeded: [], failed: {} };
    for (let from = 0; from < names.length; from += bulkLimit) {
      const some = names.slice(from, from + bulkLimit);
      const got = await perform(operation, { body: JSON.stringify(some) });
      const part = got.ok
        ? read(session, got.value, bulkFrom, 'the result of a bulk request')
        : got.failure.kind === 'unsupported'
          ? await oneByOne(some, single)
          : got;
      if (!part.ok) return part;
      done = {
        succeeded: [...done.succeeded, ...part.value.succeeded],
        failed: { ...done.failed, ...part.value.failed },
      };
    }
    return succeed(done);
  };

  const pause = (name: string, reason?: string): Promise<Outcome<null>> =>
    send('pause', { schedule: name, query: { reason } });
  const resume = (name: string): Promise<Outcome<null>> => send('resume', { schedule: name });

  return {
    save: async (body, mode) => {
      const { name } = body;
      const got = await perform('save', {
        schedule: name,
        // Orkes takes a save without it for a create, and says 409 when the name is taken; OSS ignores it.
        query: mode === 'update' ? { overwrite: 'true' } : {},
        body: saveText(body),
      });
      if (!got.ok) return got;
      if (got.value.answer.text === '') return succeed(null);
      const stored = (value: Json): ObservedSchedule | null | undefined =>
        value === null || (isObject(value) && !Object.hasOwn(value, 'name'))
          ? null
          : scheduleNamed(value, name);
      return read(session, got.value, stored, `the schedule ${JSON.stringify(name)}`);
    },
    delete: (name) => send('delete', { schedule: name }),
    pause,
    resume,
    putTags: (name, tags) => send('tags set', { schedule: name, body: tagsText(tags) }),
    deleteTags: (name, tags) => send('tags delete', { schedule: name, body: tagsText(tags) }),
    pauseMany: (names) => bulk('bulk pause', names, pause),
    resumeMany: (names) => bulk('bulk resume', names, resume),
    pauseAll: () => command('pause all'),
    resumeAll: () => command('resume all'),
    requeue: () => command('requeue'),
  };
}

/** For servers without bulk requests. */
async function oneByOne(
  names: readonly string[],
  single: (name: string) => Promise<Outcome<null>>,
): Promise<Outcome<BulkResult>> {
  const outcomes = await Promise.all(names.map(async (name) => [name, await single(name)] as const));
  return succeed({
    succeeded: outcomes.flatMap(([name, outcome]) => (outcome.ok ? [name] : [])),
    failed: Object.fromEntries(
      outcomes.flatMap(([name, outcome]) => (outcome.ok ? [] : [[name, outcome.failure.words]])),
    ),
  });
}
