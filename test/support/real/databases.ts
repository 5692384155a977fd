import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { end, folderOf, freePort, guarded, ordinaryUser, type User } from './processes.ts';

/** A database of the tests' own: a folder that is thrown away, a free port of 127.0.0.1, an ordinary user. */
export interface Database {
  /** What Conductor is told to use it. */
  readonly options: readonly string[];
  stop(): Promise<void>;
}

const run = promisify(execFile);

export function startDatabase(backEnd: 'sqlite' | 'postgres' | 'mariadb'): Promise<Database> {
  if (backEnd === 'postgres') return startPostgres();
  if (backEnd === 'mariadb') return startMariaDb();
  // A file in the folder of the server.
  return Promise.resolve({ options: [], stop: async () => undefined });
}

async function startPostgres(): Promise<Database> {
  const bin = programs(postgresFolders, 'initdb', ['postgresql']);
  const user = ordinaryUser();
  const folder = folderOf(user, 'postgres');
  const data = join(folder, 'data');
  const port = await freePort();
  const initial = [
    '-D',
    data,
    '-U',
    'conductor',
    '--auth=trust',
    '--no-sync',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
  ];
  await run(join(bin, 'initdb'), initial, { ...user, cwd: folder });
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
  const server = begin(
    join(bin, 'postgres'),
    ['-D', data, '-p', `${port}`, ...settings.flatMap((setting) => ['-c', setting])],
    folder,
    user,
  );
  await until('PostgreSQL', folder, server, async () => {
    await run(join(bin, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', `${port}`]);
  });
  // Its fast shutdown.
  return database('postgres', `jdbc:postgresql://127.0.0.1:${port}/postgres`, folder, () =>
    end(server, 'SIGINT'),
  );
}

async function startMariaDb(): Promise<Database> {
  // Debian's set-up of a new folder needs a program of its client.
  programs(['/usr/bin'], 'my_print_defaults', ['mariadb-client-core']);
  const bin = programs(['/usr/sbin', '/usr/libexec'], 'mariadbd', ['mariadb-server-core']);
  const user = ordinaryUser();
  const folder = folderOf(user, 'mariadb');
  const data = join(folder, 'data');
  const port = await freePort();
  const initial = [
    '--no-defaults',
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ];
  await run('/usr/bin/mariadb-install-db', initial, { ...user, cwd: folder });
  const first = join(folder, 'first.sql');
  writeFileSync(
    first,
    [
      'CREATE DATABASE IF NOT EXISTS conductor;',
      "CREATE USER IF NOT EXISTS 'conductor'@'127.0.0.1' IDENTIFIED BY 'conductor';",
      "GRANT ALL ON conductor.* TO 'conductor'@'127.0.0.1';",
    ].join('\n'),
  );
  const server = begin(
    join(bin, 'mariadbd'),
    [
      '--no-defaults',
      `--datadir=${data}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(folder, 'socket')}`,
      `--pid-file=${join(folder, 'pid')}`,
      `--init-file=${first}`,
      '--skip-name-resolve',
      // As Debian ships it.
      '--character-set-server=utf8mb4',
      '--collation-server=utf8mb4_general_ci',
      '--innodb-flush-log-at-trx-commit=0',
    ],
    folder,
    user,
  );
  await until('MariaDB', folder, server, async () => {
    if (!/ready for connections/.test(readFileSync(join(folder, 'log'), 'utf8'))) throw new Error('not yet');
  });
  const url = `jdbc:mysql://127.0.0.1:${port}/conductor?useSSL=false&allowPublicKeyRetrieval=true`;
  return database('mysql', url, folder, () => end(server));
}

function database(type: string, url: string, folder: string, stop: () => Promise<void>): Database {
  return {
    options: [
      ...['db', 'queue'].map((part) => `--conductor.${part}.type=${type}`),
      ...(type === 'mysql'
        ? // Conductor has no index on MySQL, and none is needed for schedules and single workflows.
          ['--conductor.indexing.enabled=false', '--conductor.indexing.type=none']
        : [`--conductor.indexing.type=${type}`]),
      `--spring.datasource.url=${url}`,
      '--spring.datasource.username=conductor',
      '--spring.datasource.password=conductor',
    ],
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function begin(program: string, args: readonly string[], folder: string, user: User): ChildProcess {
  const log = openSync(join(folder, 'log'), 'a');
  const child = spawn(program, args, { ...user, cwd: folder, stdio: ['ignore', log, log] });
  closeSync(log);
  return guarded(child);
}

async function until(
  what: string,
  folder: string,
  server: ChildProcess,
  isReady: () => Promise<void>,
): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline && server.exitCode === null; ) {
    try {
      return await isReady();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  const log = readFileSync(join(folder, 'log'), 'utf8').split('\n').slice(-20).join('\n');
  await end(server);
  throw new Error(`${what} did not start. Its log ends:\n${log}`);
}

/** Debian puts each release of PostgreSQL into a folder of its own. */
const postgresFolders: readonly string[] = ['/usr/lib/postgresql/*/bin', '/usr/bin', '/usr/local/bin'];

/** The folder that a program is in; what is missing is installed, if we may. */
function programs(folders: readonly string[], program: string, debian: readonly string[]): string {
  const found = (): string | undefined =>
    expanded(folders).find((folder) => existsSync(join(folder, program)));
  const here = found();
  if (here !== undefined) return here;
  if (process.getuid?.() === 0) {
    // At run level 1 no service of the machine is started.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    execFileSync('apt-get', ['update', '-qq'], { env });
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...debian], { env });
  }
  const installed = found();
  if (installed !== undefined) return installed;
  throw new Error(`The tests need ${program}: install it with \`apt-get install ${debian.join(' ')}\`.`);
}

function expanded(folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) => {
    const [base = '', rest] = folder.split('/*/');
    if (rest === undefined) return [folder];
    return existsSync(base) ? readdirSync(base).map((name) => join(base, name, rest)) : [];
  });
}
