import { version, versionText } from '../argv/root.ts';
import type { Config } from '../model/config.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import { open, settle } from '../run/prologue.ts';
import type { Run } from '../run/run.ts';
import type { Configured } from '../settings/configure.ts';

/**
 * Prints the version; with `--debug` what a bug report needs. No name, address or secret is among it, so that it can be
 * shown in public.
 */
export async function run(run: Run): Promise<ExitCode> {
  const { options } = run;
  if (!options.debug) {
    run.print(versionText);
    return exitCodes.fine;
  }
  run.print(`Downbeat       ${version}\n`);
  run.print(`Platform       ${run.platform}\n`);
  run.print(`Zone rules     ${run.tz === undefined ? 'not known' : `tz ${run.tz}`}\n`);
  const settled = settle(run, { command: 'version', options }, (problems) => {
    run.print('Configuration  cannot be used\n');
    return run.fail(problems);
  });
  if (settled.kind === 'ended') return settled.code;
  const { config } = settled.value;
  run.print(`Configuration  ${configurationWords(config)}\n`);
  run.print(`Server         ${await serverWords(run, settled.value)}\n`);
  return exitCodes.fine;
}

function configurationWords(config: Config): string {
  if (config.file === undefined) return 'none found';
  const set = new Set(
    [...config.sources].flatMap(([name, { kind }]) => (kind === 'file' ? firstKey(name) : [])),
  );
  return `found; sets ${[...set].sort().join(', ') || 'nothing'}`;
}

/** `limits.deletes` is `limits`; what is after the point may be somebody's own name. */
function firstKey(name: string): string {
  return name.replace(/\..*$/s, '');
}

// Whoever reports a bug does not wait for a server that is down.
const patience = { timeout: 5, maxRetries: 0 };

async function serverWords(run: Run, configured: Configured): Promise<string> {
  if (!run.trust.asksServer) return 'not asked in this run';
  if ((configured.config.server.url ?? '') === '') return 'none named';
  const { debug: _debug, ...options } = run.options;
  const opened = open({ ...run, options: { ...patience, ...options } }, configured);
  if (opened.kind === 'ended') return 'cannot be asked';
  const identity = await opened.value.connection.reader.identify();
  if (!identity.ok) {
    const { kind, status } = identity.failure;
    return `no usable answer (${kind}${status === undefined ? '' : `, status ${status}`})`;
  }
  const { serverType, version: its, assumed } = identity.value;
  const type = `${serverType}${assumed ? ' (assumed)' : ''}`;
  return its === undefined ? type : `${type}, version ${its}`;
}
