import type { Transport, TransportResult } from '../../src/http/transport.ts';
import type { Scheduler } from '../../src/scheduler/core.ts';

/** The local scheduler behind the client without HTTP between them: everything above the wire is the real thing. */
export function inProcess(scheduler: Scheduler, onRequest?: (line: string) => void): Transport {
  return async ({ method, path, query, headers, body }): Promise<TransportResult> => {
    onRequest?.(`${method} ${path}`);
    const answer = scheduler.handle({
      method,
      path: `/api${path}`,
      query,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    if (answer.broken === 'reset')
      return { kind: 'failed', why: 'reset', sent: true, words: 'read ECONNRESET' };
    if (answer.broken === 'cut-off')
      return { kind: 'failed', why: 'cut-off', sent: true, words: 'terminated' };
    return { kind: 'answer', status: answer.status, headers: answer.headers, text: answer.body };
  };
}
