import type { Request } from '../argv/program.ts';
import { serverUrl } from '../http/url.ts';
import type { Io } from '../io/io.ts';
import type { Config } from '../model/config.ts';
import { present } from '../model/present.ts';
import type { RunEntry } from '../model/run-entry.ts';
import { defaultDirectory } from './effective.ts';
import { selectionOf } from './run-policy.ts';

/**
 * What tells this run from others. With a broken configuration (`config` is undefined) it is what the command line and
 * the environment say: then the comment of a run whose server stands only in that file is not found again.
 */
export function runOf({ command, argument, options }: Request, env: Io['env'], config?: Config): RunEntry {
  const environment = config?.environment ?? options.env;
  const asksServer = command !== 'validate' || options.online === true;
  const server = baseOf(config?.server.url ?? options.server ?? env.CONDUCTOR_SERVER_URL ?? '');
  const selection = selectionOf(options);
  return {
    command,
    directory: config?.directory ?? argument ?? defaultDirectory,
    ...present({ environment }),
    ...(server === undefined || !asksServer ? {} : { server }),
    ...(selection.ok && selection.value !== undefined ? { selection: selection.value } : {}),
  };
}

/** Without user and password. */
function baseOf(url: string): string | undefined {
  const read = serverUrl(url);
  return read.ok ? read.value.base : undefined;
}
