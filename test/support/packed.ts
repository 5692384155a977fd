import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const lock = '/usr/bin/flock';

/**
 * The path of an archive in `folder` with what npm would publish. npm builds dist/ for it, so two that do this at once
 * take turns, where the system has a command for that.
 */
export async function packed(folder: string): Promise<string> {
  const pack = ['npm', 'pack', '--silent', '--pack-destination', folder];
  const [command = '', ...args] = existsSync(lock) ? [lock, join(root, 'package.json'), ...pack] : pack;
  const { stdout } = await promisify(execFile)(command, args, { cwd: root, maxBuffer: 2 ** 30 });
  return join(folder, stdout.trim());
}
