import { createHash, createHmac } from 'node:crypto';
import type { Request } from '../argv/program.ts';
import { serverUrl } from '../http/url.ts';
import type { Io } from '../io/io.ts';
import type { Config } from '../model/config.ts';
import type { RunEntry } from '../model/generated/report-parts.ts';
import { isCredential, keyKind } from '../model/hiding/credential.ts';
import { canonicalJson, type Json } from '../model/json.ts';
import { present } from '../model/present.ts';
import { placeOf } from './checkout.ts';
import { defaultDirectory } from './effective.ts';
import { digestKeyOf, selectionOf } from './run-policy.ts';

/**
 * What tells this run from others. With a broken configuration (`config` is undefined) it is what the command line and
 * the environment say: then the comment of a run whose server is only in that file is not found again.
 */
export function runOf(
  { command, argument, options }: Request,
  disk: Pick<Io, 'env' | 'realPath'> & { readonly tz?: string | undefined },
  config?: Config,
): RunEntry {
  const { env } = disk;
  const environment = config?.environment ?? options.env;
  const asksServer =
    command === 'validate' ? options.online === true : command !== 'plan' || options.base === undefined;
  const url = config?.server.url ?? options.server ?? env.CONDUCTOR_SERVER_URL ?? '';
  const server = asksServer ? baseOf(url) : undefined;
  const settled = selectionOf(options);
  const selection = settled.ok ? settled.value : undefined;
  const directory = config?.directory ?? argument ?? defaultDirectory;
  const file = config?.file ?? options.config;
  const place = (path: string): string => placeOf(path, disk);
  return {
    command,
    identity:
      options.name ??
      identityOf(
        {
          directory: place(directory),
          ...present({ environment, server, selection, owner: config?.owner }),
          ...(file === undefined ? {} : { configuration: place(file) }),
          variables: variablesIn(options.var ?? [], env),
        },
        env,
      ),
    directory,
    ...present({ environment, server, selection, tz: disk.tz }),
  };
}

/** Without a key, a short credential could be guessed from the hash: only its name counts then. */
function variablesIn(typed: readonly string[], env: Io['env']): readonly string[] {
  const key = digestKeyOf(env);
  const isSealed = key.ok && key.value !== undefined;
  return typed
    .map((text) => {
      const [, name = text, value = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
      return !isSealed && isCredential(value, keyKind(name)) ? name : text;
    })
    .sort();
}

function identityOf(target: { readonly [part: string]: Json }, env: Io['env']): string {
  const key = digestKeyOf(env);
  const sealed = key.ok ? key.value : undefined;
  const hash = sealed === undefined ? createHash('sha256') : createHmac('sha256', sealed);
  return hash
    .update(`downbeat target ${canonicalJson(target)}`)
    .digest('hex')
    .slice(0, 16);
}

/** Without user and password. */
function baseOf(url: string): string | undefined {
  const read = serverUrl(url);
  return read.ok ? read.value.base : undefined;
}
