import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScheduler } from '../../src/scheduler/core.ts';
import { builtProgram } from '../support/program.ts';
import { scheduleBody, serveLocal } from '../support/scheduler.ts';

/**
 * What is written, what is kept and how it ends, for every kind of target: each row is a shell script in a folder of its
 * own and what it prints. Rows that mount something or write to a device do so in a mount namespace of their own, where one is
 * permitted.
 */

let program: Awaited<ReturnType<typeof builtProgram>>;
beforeAll(async () => {
  program = await builtProgram();
});
afterAll(() => rmSync(program.folder, { recursive: true, force: true }));

/** A namespace of mounts needs a right that not every container gives. */
const mayMount = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;
const isRoot = process.getuid?.() === 0;

const preamble = `
set -u
D() { "$NODE" "$PROGRAM" "$@" 2> err; echo "exit $?"; }
content() {
  if [ ! -s "$1" ]; then echo empty
  elif grep -q '"kind"' "$1"; then grep -o '"kind": *"[a-z-]*"' "$1" | head -1 | sed 's/.*: *"//; s/"//'
  else head -c 24 "$1" | head -1; fi
}
show() {
  for f in "$@"; do
    if [ -L "$f" ]; then echo "$f link to $(readlink "$f")"
    elif [ -f "$f" ]; then echo "$f $(stat -c %a "$f") $(content "$f")"
    elif [ -e "$f" ]; then echo "$f $(stat -c %F "$f")"
    else echo "$f absent"; fi
  done
}
why() { sed -n 's/^error: .*: //p' err | head -1; }
small() { mkdir -p full; mount -t tmpfs -o size=64k none full; }
fill() { head -c 200000 /dev/zero > full/ballast 2> /dev/null; true; }
`;

/** Devices that a wrong program may replace by files: not those of the machine. */
const ownDevices = `
mkdir .dev && mount -t tmpfs none .dev
cp -a /dev/null /dev/full /dev/zero /dev/fd /dev/stdin /dev/stdout /dev/stderr .dev/ && mount --bind .dev /dev
`;

type Row = readonly [what: string, script: string, printed: string];

async function printedBy(script: string, { mounts = false, url = '' } = {}): Promise<readonly string[]> {
  const cwd = mkdtempSync(join(program.folder, 'row-'));
  mkdirSync(join(cwd, 'schedules'));
  writeFileSync(
    join(cwd, 'schedules', 'a.yaml'),
    'name: a\ncronExpression: "0 0 9 * * ?"\nstartWorkflowRequest: {name: w}\n',
  );
  const after = 'ls -A . full 2> /dev/null | grep "^.downbeat-" && echo litter';
  const devices = mayMount && script.includes('/dev/');
  const bash = ['bash', '-c', `${preamble}${devices ? ownDevices : ''}\n${script}\n${after}`];
  const [command = '', ...args] = mounts || devices ? ['unshare', '-m', ...bash] : bash;
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env.PATH, NODE: process.execPath, PROGRAM: program.path, URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err]: [string[], string[]] = [[], []];
  child.stdout.on('data', (chunk) => out.push(String(chunk)));
  child.stderr.on('data', (chunk) => err.push(String(chunk)));
  await new Promise((resolve) => child.once('close', resolve));
  return (out.join('') + err.join('')).split('\n').filter((line) => line.trim() !== '');
}

const linesOf = (printed: string): readonly string[] => printed.split('; ');

/** What `--output json=FILE` and `--out FILE` have in common. `write` writes a document of this kind to its argument. */
const ordinary = (
  write: string,
  kind: string,
  fresh: string,
  over: (mode: string) => string,
): readonly Row[] => [
  ['a new file', `${write}t; show t`, `exit 0; t ${fresh} ${kind}`],
  ['a file 0644', `echo old > t; ${write}t; show t`, `exit 0; t ${over('644')} ${kind}`],
  ['a file 0600', `echo old > t; chmod 600 t; ${write}t; show t`, `exit 0; t 600 ${kind}`],
  ['a file 0640', `echo old > t; chmod 640 t; ${write}t; show t`, `exit 0; t ${over('640')} ${kind}`],
  [
    'a link to a file',
    `echo old > a; ln -s a t; ${write}t; show t a`,
    `exit 0; t link to a; a ${over('644')} ${kind}`,
  ],
  [
    'links to links',
    `echo old > a; ln -s a b; ln -s b t; ${write}t; show t b a`,
    `exit 0; t link to b; b link to a; a ${over('644')} ${kind}`,
  ],
  [
    'a link into another folder',
    `mkdir d; echo old > d/a; ln -s d/a t; ${write}t; show t d/a`,
    `exit 0; t link to d/a; d/a ${over('644')} ${kind}`,
  ],
  ['a dangling link', `ln -s a t; ${write}t; show t a`, `exit 0; t link to a; a ${fresh} ${kind}`],
  [
    'a folder that is a link',
    `mkdir d; ln -s d e; ${write}e/t; show e d/t`,
    `exit 0; e link to d; d/t ${fresh} ${kind}`,
  ],
  ['a circle of links', `ln -s t u; ln -s u t; ${write}t; show t u`, 'exit 1; t link to u; u link to t'],
  ['a directory', `mkdir t; ${write}t; show t; why`, 'exit 1; t directory; it is a directory'],
  ['a missing directory', `${write}d/t; show d; why`, 'exit 1; d absent; its directory does not exist'],
  [
    'a file in the place of its directory',
    `echo old > d; ${write}d/t; show d; why`,
    'exit 1; d 644 old; a part of its path is not a directory',
  ],
  ['/dev/null', `${write}/dev/null; show /dev/null`, 'exit 0; /dev/null character special file'],
  [
    'a link to /dev/null',
    `ln -s /dev/null t; ${write}t; show t /dev/null`,
    'exit 0; t link to /dev/null; /dev/null character special file',
  ],
  [
    '/dev/full',
    `${write}/dev/full; show /dev/full; why`,
    'exit 1; /dev/full character special file; no space left on the device',
  ],
  [
    '/dev/stderr',
    `${write}/dev/stderr; grep -c '"kind"' err | sed 's/^[1-9].*/written/'; show /dev/stderr`,
    'exit 0; written; /dev/stderr link to /proc/self/fd/2',
  ],
  ['a descriptor of a file', `${write}/dev/fd/7 7> t; show t`, `exit 0; t 644 ${kind}`],
  [
    'a descriptor that is appended to',
    `echo before > t; ${write}/dev/fd/7 7>> t; head -1 t; grep -c '"kind"' t | sed 's/^[1-9].*/written/'`,
    'exit 0; before; written',
  ],
  [
    'a descriptor that is not open for writing',
    `echo old > t; ${write}/dev/fd/7 7< t; show t; why`,
    'exit 1; t 644 old; it is not open for writing',
  ],
  ['a FIFO', `mkfifo t; cat t > got & ${write}t; wait; show t got`, `exit 0; t fifo; got 644 ${kind}`],
  [
    '>(cat)',
    `${write}>(cat > got); for i in $(seq 200); do [ -s got ] && break; sleep 0.01; done; show got`,
    `exit 0; got 644 ${kind}`,
  ],
];

const kept = (mode: string): string => mode;
const owners = (): string => '600';

describe('validate --output json=FILE', () => {
  it.each(ordinary('D validate -q --output json=', 'validation', '644', kept))(
    '%s',
    async (_what, script, printed) => {
      expect(await printedBy(script)).toStrictEqual(linesOf(printed));
    },
  );

  it.each<Row>([
    [
      '/dev/stdout, a pipe',
      'D validate --output json=/dev/stdout | cat > got; show got /dev/stdout',
      'got 644 validation; /dev/stdout link to /proc/self/fd/1',
    ],
    [
      '/dev/stdout, a file',
      'D validate --output json=/dev/stdout > got; show got; tail -1 got',
      'got 644 validation; exit 0',
    ],
    [
      '/dev/stdout, between other lines',
      '{ echo first; D validate --output json=/dev/stdout; } > got; head -1 got; tail -1 got',
      'first; exit 0',
    ],
    [
      '/dev/stdout, a full device',
      '"$NODE" "$PROGRAM" validate -o json=/dev/stdout -o text=t > /dev/full 2> err; echo "exit $?"; show t; why',
      'exit 1; t 644 Valid: 1 manifest in 1 f; no space left on the device',
    ],
    [
      'standard output full, a file beside it',
      '"$NODE" "$PROGRAM" validate -o text -o json=t > /dev/full 2> err; echo "exit $?"; show t; wc -l < err',
      'exit 1; t 644 validation; 1',
    ],
    [
      'standard output closed early',
      '"$NODE" "$PROGRAM" validate -o json | true; echo "exit ${PIPESTATUS[0]}"',
      'exit 0',
    ],
    [
      'standard error full',
      '"$NODE" "$PROGRAM" validate -o json=t 2> /dev/full; echo "exit $?"; show t',
      'exit 0; t 644 validation',
    ],
    [
      'the same file twice',
      'echo old > t; D validate -o json=t -o text=./t; show t',
      'exit 1; t 644 failure',
    ],
    [
      'an output that there is not, beside a sound one',
      'echo old > t; D validate -o bogus -o json=t; show t',
      'exit 1; t 644 failure',
    ],
    [
      'an old plan, and a wrong flag',
      'echo \'{"kind": "saved-plan"}\' > t; D plan --no-such --out t; show t; tail -1 err',
      'exit 1; t absent; note: removed t, which had the plan of an earlier run',
    ],
    [
      'an old plan, and no server',
      'echo \'{"kind": "saved-plan"}\' > t; D plan --out=t; show t',
      'exit 1; t absent',
    ],
    [
      "somebody's file in the place of a plan",
      'echo notes > t; D plan --out=t; show t',
      'exit 1; t 644 notes',
    ],
    [
      'an old report that has no words for a failure',
      'echo "<?xml version=\'1.0\'?><svg>" > t; echo \'{"sarif": 1}\' > u; D load --no-such -o svg=t; D validate --no-such -o sarif=u; show t u',
      'exit 1; exit 1; t absent; u absent',
    ],
    ['a wrong flag', 'echo old > t; D validate --no-such -o json=t; show t', 'exit 1; t 644 failure'],
    [
      'an unknown environment',
      'echo old > t; D validate --env nowhere -o json=t; show t',
      'exit 1; t 644 failure',
    ],
    [
      'a directory that is not there',
      'echo old > t; D validate none -o json=t; show t',
      'exit 1; t 644 validation',
    ],
    ['no server', 'echo old > t; D plan -o json=t; show t', 'exit 1; t 644 failure'],
    [
      '--help on a full device',
      '"$NODE" "$PROGRAM" help plan > /dev/full 2> err; echo "exit $?"; wc -l < err',
      'exit 1; 1',
    ],
  ])('%s', async (_what, script, printed) => {
    expect(await printedBy(script)).toStrictEqual(linesOf(printed));
  });

  it.skipIf(!isRoot)('a file of another user keeps its owner', async () => {
    const script = 'echo old > t; chown 4321:4322 t; D validate -q -o json=t; stat -c "%u %g %a" t';
    expect(await printedBy(script)).toStrictEqual(['exit 0', '4321 4322 644']);
  });

  it.skipIf(isRoot)('leaves a read-only file alone', async () => {
    const script = 'echo old > t; chmod 444 t; D validate -q -o json=t; show t; why';
    expect(await printedBy(script)).toStrictEqual(['exit 1', 't 444 old', 'permission denied']);
  });
});

describe.skipIf(!mayMount)('with mounts (skipped where unshare -m is not permitted)', () => {
  it.each<Row>([
    [
      'a full disk, a new file',
      'small; fill; D validate -q -o json=full/t; show full/t; why',
      'exit 1; full/t absent; no space left on the device',
    ],
    [
      'a full disk, a file',
      'small; echo old > full/t; fill; D validate -q -o json=full/t; show full/t',
      'exit 1; full/t 644 old',
    ],
    [
      'a full disk, the other output',
      'small; fill; D validate -q -o json=full/t -o json=t; show t',
      'exit 1; t 644 validation',
    ],
    [
      'a link into a full disk',
      'small; echo old > full/t; fill; ln -s full/t t; D validate -q -o json=t; show t full/t',
      'exit 1; t link to full/t; full/t 644 old',
    ],
    [
      'a file that is mounted by itself',
      'echo old > a; echo old > t; mount --bind a t; D validate -q -o json=t; show t a',
      'exit 0; t 644 validation; a 644 validation',
    ],
    [
      'a writable file in a read-only folder',
      'mkdir d; echo old > d/t; echo old > a; mount --bind a d/t; mount --bind d d; mount -o remount,ro,bind d; mount --bind a d/t; D validate -q -o json=d/t; show d/t a',
      'exit 0; d/t 644 validation; a 644 validation',
    ],
    [
      'a new file in a read-only folder',
      'mkdir d; mount --bind d d; mount -o remount,ro,bind d; D validate -q -o json=d/t; show d/t; why',
      'exit 1; d/t absent; the file system is read-only',
    ],
    [
      'a file on a read-only file system',
      'mkdir d; echo old > d/t; mount --bind d d; mount -o remount,ro,bind d; D validate -q -o json=d/t; show d/t; why',
      'exit 1; d/t 644 old; the file system is read-only',
    ],
    [
      'serve --data on a full disk',
      'small; fill; D serve --port 0 --data full/t; show full/t',
      'exit 1; full/t absent',
    ],
  ])('%s', async (_what, script, printed) => {
    expect(await printedBy(script, { mounts: true })).toStrictEqual(linesOf(printed));
  });
});

describe('with a server', () => {
  async function served(script: string, { mounts = false } = {}) {
    const scheduler = createScheduler({ serverType: 'oss-2', now: Date.now, acceptAnyWorkflow: true });
    scheduler.put(scheduleBody('there'));
    const server = await serveLocal(scheduler);
    const printed = await printedBy(script.replaceAll('$S', '--server "$URL"'), { mounts, url: server.url });
    await server.close();
    const names = scheduler.state().schedules.map(({ name, paused }) => `${name}${paused ? ' paused' : ''}`);
    return { printed, names: names.sort() };
  }

  it.each(
    ordinary('D plan -q --server "$URL" --out ', 'saved-plan', '600', owners).filter(
      ([what]) => what !== '/dev/stderr',
    ),
  )('plan --out: %s', async (_what, script, printed) => {
    const { printed: got } = await served(script.replaceAll('plan -q', 'plan -q -o json=report.json'));
    // A descriptor is written as it was opened.
    expect(got).toStrictEqual(linesOf(printed));
  });

  it.each<Row>([
    ['a full device', 'D apply -y $S -o json=/dev/full -o json=t; show t', 'exit 5; t 644 result'],
    [
      'a directory',
      'mkdir d; D apply -y $S -o json=d -o json=t; show t d',
      'exit 5; t 644 result; d directory',
    ],
    [
      'a missing directory',
      'D apply -y $S -o json=d/t -o json=t; show t d',
      'exit 5; t 644 result; d absent',
    ],
    [
      'standard output full',
      '"$NODE" "$PROGRAM" apply -y $S -o text -o json=t > /dev/full 2> err; echo "exit $?"; show t; grep -c "^error: standard output" err',
      'exit 5; t 644 result; 1',
    ],
    [
      'standard output closed',
      '"$NODE" "$PROGRAM" apply -y $S -o text -o json=t 2> err | true; echo "exit ${PIPESTATUS[0]}"; show t',
      'exit 5; t 644 result',
    ],
    [
      'standard error full',
      '"$NODE" "$PROGRAM" apply -y $S -o json=t 2> /dev/full; echo "exit $?"; show t',
      'exit 0; t 644 result',
    ],
    ['/dev/stdout', 'D apply -y $S -o json=/dev/stdout | cat > got; show got', 'got 644 result'],
  ])('apply, and the schedule is written: %s', async (_what, script, printed) => {
    const { printed: got, names } = await served(script);
    expect(got).toStrictEqual(linesOf(printed));
    expect(names).toStrictEqual(['a', 'there']);
  });

  it.each<[...Row, running: boolean]>([
    ['a new file', 'D pause --all --each -y $S --record t > out; show t', 't 644 record', false],
    [
      'a link to nothing',
      'ln -s a t; D pause --all --each -y $S --record t > out; show t a; tail -1 out',
      't link to a; a absent; exit 1',
      true,
    ],
    ['a missing directory', 'D pause --all --each -y $S --record d/t; show d', 'exit 1; d absent', true],
    ['a directory', 'mkdir t; D pause --all --each -y $S --record t; show t', 'exit 1; t directory', true],
    [
      'somebody else’s file',
      'echo notes > t; D pause --all --each -y $S --record t; show t',
      'exit 1; t 644 notes',
      true,
    ],
    [
      '/dev/null',
      'D pause --all --each -y $S --record /dev/null; show /dev/null',
      'exit 1; /dev/null character special file',
      true,
    ],
  ])('pause --record pauses only what is in it: %s', async (_what, script, printed, running) => {
    const { printed: got, names } = await served(script);
    expect(got).toStrictEqual(linesOf(printed));
    expect(names).toStrictEqual([running ? 'there' : 'there paused']);
  });

  it.skipIf(!mayMount)(
    'pause --record on a full disk pauses nothing (skipped where unshare -m is not permitted)',
    async () => {
      const { printed, names } = await served(
        'small; fill; D pause --all --each -y $S --record full/t; show full/t',
        { mounts: true },
      );
      expect(printed).toStrictEqual(['exit 1', 'full/t absent']);
      expect(names).toStrictEqual(['there']);
    },
  );

  it.each<Row>([
    [
      'new files',
      'D pull --unmanaged $S > out; show schedules/there.yaml; tail -1 out',
      'schedules/there.yaml 644 name: there; exit 0',
    ],
    [
      'a manifest behind a link, with its mode',
      'cd schedules; sed "s/name: a/name: there/" a.yaml > ../b; rm a.yaml; chmod 600 ../b; mkdir .x; mv ../b .x/b.yaml; ln -s .x/b.yaml b.yaml; cd ..; D pull $S > out; tail -1 out; show schedules/b.yaml schedules/.x/b.yaml; grep -c wf schedules/b.yaml',
      'exit 0; schedules/b.yaml link to .x/b.yaml; schedules/.x/b.yaml 600 name: there; 1',
    ],
  ])('pull: %s', async (_what, script, printed) => {
    expect((await served(script)).printed).toStrictEqual(linesOf(printed));
  });
});
