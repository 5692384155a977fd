import type { Failure, Outcome } from '../model/port.ts';
import type { ApplyOptions } from './options.ts';

/**
 * A reading door that asks again after an answer that says nothing of the schedule: an error of the server, a web page,
 * half an answer. Around a write a read costs nothing, while a failed one leaves a step whose effect is not known.
 */
export function patient(
  reader: ApplyOptions['reader'],
  {
    maxRetries,
    retryDelay,
    wait,
    stopped,
  }: Pick<ApplyOptions, 'maxRetries' | 'retryDelay' | 'wait' | 'stopped'>,
): ApplyOptions['reader'] {
  const again = async <T>(read: () => Promise<Outcome<T>>): Promise<Outcome<T>> => {
    for (let tries = 0; ; tries += 1) {
      const answer = await read();
      if (answer.ok || !saysNothing(answer.failure) || tries >= maxRetries || stopped()) return answer;
      await wait(retryDelay(tries));
      if (stopped()) return answer;
    }
  };
  return {
    list: (options) => again(() => reader.list(options)),
    get: (name) => again(() => reader.get(name)),
    tags: (name) => again(() => reader.tags(name)),
  };
}

/** The client itself has repeated what may pass by itself (`retryable`). */
function saysNothing({ kind, status = 0, retryable }: Failure): boolean {
  if (retryable === true) return false;
  return (kind === 'status' && status >= 500) || kind === 'html' || kind === 'cut-off' || kind === 'not-json';
}
