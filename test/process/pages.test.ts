import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createScheduler, type Scheduler } from '../../src/scheduler/core.ts';
import { page, pages } from '../support/pages.ts';
import { builtProgram } from '../support/program.ts';
import { serveLocal } from '../support/scheduler.ts';

/**
 * Every command of every page, as its reader would type it: `sh` blocks run, and a block whose first line is `# PATH` is
 * that file. A line exits with 0 unless its comment says `exits N`. Each section is a folder of its own, with the local
 * scheduler as the server.
 */

type World = {
  /** Where the shop of `examples/` is: in the folder, on the server, or in both. */
  readonly shop?: 'manifests' | 'server' | 'both';
  /** One manifest is in the folder. */
  readonly settlement?: true;
  /** The manifests are committed on `main`, and one is changed on the branch that is checked out. */
  readonly isBranch?: true;
  /** The sections go on from one another. */
  readonly isOneStory?: true;
  /** What must be so in the end. */
  readonly end?: (scheduler: Scheduler) => void;
};

const namesIn = (scheduler: Scheduler): readonly unknown[] =>
  scheduler.state().schedules.map(({ name }) => name);

const worlds: { readonly [path: string]: World } = {
  'README.md': { isOneStory: true, end: (scheduler) => expect(namesIn(scheduler)).toHaveLength(1) },
  'docs/getting-started.md': {
    isOneStory: true,
    end: (scheduler) =>
      expect(scheduler.state().schedules).toMatchObject([{ name: 'order_settlement', paused: false }]),
  },
  'docs/existing-server.md': { isOneStory: true, shop: 'server' },
  'docs/reviewed-deploys.md': {
    settlement: true,
    end: (scheduler) => expect(namesIn(scheduler)).toStrictEqual(['order_settlement_nightly']),
  },
  'docs/on-call.md': {
    shop: 'both',
    end: (scheduler) =>
      expect(scheduler.state().schedules.filter(({ paused }) => paused === true).length).toBeLessThan(3),
  },
  'docs/two-teams.md': { shop: 'manifests' },
  'docs/policies.md': { shop: 'both' },
  'docs/looking-ahead.md': { shop: 'manifests' },
  'docs/before-the-merge.md': { settlement: true, isBranch: true },
  'docs/review-page.md': { settlement: true, isBranch: true },
};

const settlementText = `name: order_settlement_nightly
cronExpression: "0 30 3 * * ?"
startWorkflowRequest: {name: settle_orders}
`;

/** What is not Downbeat's to run here: the set-up of this repository, and the installation, which `test/package` does. */
const notHere = /^(?:npm (?:ci|install --global) |export )/;

const root = fileURLToPath(new URL('../..', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'downbeat-pages-'));
const programs: string[] = [home];
afterAll(() => {
  for (const folder of programs) rmSync(folder, { recursive: true, force: true });
});

let program = '';
beforeAll(async () => {
  const { folder, path } = await builtProgram();
  programs.push(folder);
  program = path;
  mkdirSync(join(home, 'bin'));
  writeFileSync(join(home, 'bin', 'downbeat'), `#!/bin/sh\nexec "${process.execPath}" "${path}" "$@"\n`, {
    mode: 0o755,
  });
});

type Block = { readonly language: string; readonly text: string };

/** The blocks of each section that has a command. */
function sectionsOf(text: string, isOneStory: boolean): readonly (readonly Block[])[] {
  const sections = isOneStory ? [text] : text.split(/^(?=## )/m);
  return sections
    .map((section) =>
      [...section.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', body = '']) => ({
        language,
        text: body,
      })),
    )
    .filter((blocks) => blocks.some(({ language }) => language === 'sh'));
}

const withCommands = pages.filter((path) => /^```sh$/m.test(page(path)));

/** Exit code and what was printed to standard error. */
function shell(
  line: string,
  cwd: string,
  url: string,
): Promise<{ readonly code: number; readonly err: string }> {
  const env = {
    PATH: [join(home, 'bin'), dirname(process.execPath), process.env.PATH].join(delimiter),
    HOME: home,
    CONDUCTOR_SERVER_URL: url,
  };
  return new Promise((resolve) => {
    execFile('sh', ['-c', line], { cwd, env }, (error, _out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), err }),
    );
  });
}

/** There is no terminal to ask at. */
const asks =
  /^downbeat (?:apply(?! --expect-digest| plan\.json)|pause.* --all|resume --(?:all|record)|audit.* --repair)/;

async function serves(line: string, cwd: string): Promise<void> {
  const args = line
    .replace(/--port \d+/, '--port 0')
    .split(' ')
    .slice(1);
  const child = spawn(process.execPath, [program, ...args], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    for await (const printed of createInterface({ input: child.stdout })) {
      expect(printed).toMatch(/http:\/\/127\.0\.0\.1:\d+\/api/);
      break;
    }
  } finally {
    child.kill('SIGTERM');
  }
  expect(await once(child, 'exit')).toStrictEqual([0, null]);
}

async function play(blocks: readonly Block[], cwd: string, url: string): Promise<number> {
  let commands = 0;
  for (const { language, text } of blocks) {
    const path = /^# ([\w./-]+\.(?:ya?ml|json))\n/.exec(text)?.[1];
    if (path !== undefined && !path.startsWith('.')) {
      mkdirSync(join(cwd, dirname(path)), { recursive: true });
      writeFileSync(join(cwd, path), text);
    }
    if (language !== 'sh') continue;
    for (const line of text.replaceAll('YOUR_ORG', 'acme').split('\n')) {
      const [command = '', comment = ''] = line.split(/\s+#\s/);
      if (command.trim() === '' || line.startsWith('# ') || notHere.test(command)) continue;
      commands += 1;
      if (command.startsWith('downbeat serve')) {
        await serves(command, cwd);
        continue;
      }
      const expected = Number(/\bexits (\d+)/.exec(comment)?.[1] ?? 0);
      const { code, err } = await shell(asks.test(command) ? `${command} --yes` : command, cwd, url);
      expect(`${command}: ${code} ${/^.*error:.*$/m.exec(err)?.[0] ?? ''}`).toBe(`${command}: ${expected} `);
    }
  }
  return commands;
}

function branchOff(cwd: string): void {
  const git = (...words: readonly string[]): unknown =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words], { cwd });
  git('checkout', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'feat: schedules');
  git('checkout', '-q', '-b', 'change');
  writeFileSync(join(cwd, 'schedules', 'settlement.yaml'), settlementText.replace('30 3', '45 3'));
}

it.each(withCommands)('%s: every command does what it says', async (path) => {
  const { shop, settlement = false, isBranch = false, isOneStory = false, end } = worlds[path] ?? {};
  let commands = 0;
  for (const blocks of sectionsOf(page(path), isOneStory)) {
    const cwd = mkdtempSync(join(home, 'page-'));
    execFileSync('git', ['init', '-q', '.'], { cwd });
    execFileSync('git', ['remote', 'add', 'origin', 'https://github.com/acme/shop.git'], { cwd });
    const scheduler = createScheduler({ serverType: 'oss-2', now: Date.now });
    const served = await serveLocal(scheduler);
    const folder = shop === 'server' ? mkdtempSync(join(home, 'shop-')) : cwd;
    if (shop !== undefined) cpSync(join(root, 'examples'), folder, { recursive: true });
    if (shop === 'both' || shop === 'server')
      expect(await shell('downbeat apply --yes', folder, served.url)).toMatchObject({ code: 0 });
    if (settlement) {
      mkdirSync(join(cwd, 'schedules'));
      writeFileSync(join(cwd, 'schedules', 'settlement.yaml'), settlementText);
    }
    if (isBranch) branchOff(cwd);
    // What a page takes for granted: a body that somebody POSTs today.
    const body = { name: 'posted', cronExpression: '0 0 4 * * ?', startWorkflowRequest: { name: 'w' } };
    writeFileSync(join(cwd, 'body.json'), JSON.stringify(body));
    try {
      commands += await play(blocks, cwd, served.url);
      end?.(scheduler);
    } finally {
      await served.close();
    }
  }
  expect(commands).toBeGreaterThan(0);
});

it('sets up only pages with commands', () => {
  expect(Object.keys(worlds).filter((path) => !withCommands.includes(path))).toStrictEqual([]);
});
