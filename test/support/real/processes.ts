import { type ChildProcess, execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Who a database runs as: root never, so in a container of root's it is `nobody`. */
export type User = { readonly uid: number; readonly gid: number } | Record<never, never>;

export function ordinaryUser(): User {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** A fresh folder that this user owns. */
export function folderOf(user: User, name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `downbeat-${name}-`));
  if ('uid' in user) chownSync(folder, user.uid, user.gid);
  return folder;
}

/** Ends a process of ours, by force after 20 s. */
export async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill(signal);
  const patience = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(patience);
}

/** A test run that ends without `end` must not leave the process behind. */
export function guarded(child: ChildProcess): ChildProcess {
  const guard = (): void => void child.kill('SIGKILL');
  process.once('exit', guard);
  child.once('exit', () => process.removeListener('exit', guard));
  return child;
}

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('No free port.')),
      );
    });
  });
}
