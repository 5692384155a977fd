import { type Connection, type ConnectOptions, connect } from '../../src/conductor/connect.ts';

/** A connection over HTTP that does not wait between attempts; `waits` has what it would have waited. */
export function open(
  url: string,
  options: Partial<ConnectOptions> = {},
): { readonly connection: Connection; readonly waits: number[] } {
  const waits: number[] = [];
  const connection = connect({
    url,
    now: () => Date.now(),
    random: () => 0,
    wait: async (ms) => {
      waits.push(ms);
    },
    ...options,
  });
  return { connection, waits };
}
