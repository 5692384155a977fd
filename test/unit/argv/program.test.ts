import { describe, expect, it, test } from 'vitest';
import { commandNames, commandOf, commands, formats } from '../../../src/argv/commands.ts';
import { everywhere, type FlagKey, flagOf, flags } from '../../../src/argv/flags.ts';
import { commandHelp } from '../../../src/argv/help.ts';
import { lineWith, parseArguments } from '../../../src/argv/program.ts';
import { rootAnswer, version } from '../../../src/argv/root.ts';

function parsed(...argv: readonly string[]) {
  const said = { out: '', err: '' };
  const result = parseArguments(argv, {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    columns: 80,
  });
  return { result, ...said };
}

function options(...argv: readonly string[]): unknown {
  const { result, err } = parsed(...argv);
  return result.kind === 'run' ? { [result.request.command]: result.request.options } : err;
}

describe('options', () => {
  test.each<readonly [line: string, wanted: unknown]>([
    ['plan', { plan: {} }],
    ['--env staging plan', { plan: { env: 'staging' } }],
    ['-o json -q plan --env=staging', { plan: { output: ['json'], quiet: true, env: 'staging' } }],
    ['-qo json plan', { plan: { quiet: true, output: ['json'] } }],
    ['-ojson plan', { plan: { output: ['json'] } }],
    ['plan --no-color', { plan: { noColor: true } }],
    ['plan --prune', { plan: { prune: true } }],
    ['plan --no-prune', { plan: { noPrune: true } }],
    ['plan --prune --no-prune', { plan: { noPrune: true } }],
    ['plan --no-prune --prune', { plan: { prune: true } }],
    ['apply -y', { apply: { autoApprove: true } }],
    ['apply --yes', { apply: { autoApprove: true } }],
    ['--yes apply', { apply: { autoApprove: true } }],
    ['pause a --reason --yes', { pause: { reason: '--yes' } }],
    ['--env plan validate', { validate: { env: 'plan' } }],
    ['plan --var a=1 --var b=2 --timeout 5', { plan: { var: ['a=1', 'b=2'], timeout: 5 } }],
    ['serve --server-type oss-1 --port 0', { serve: { serverType: 'oss-1', port: 0 } }],
    ['history --limit 3', { history: { limit: 3 } }],
  ])('%s', (line, wanted) => {
    expect(options(...line.split(' '))).toStrictEqual(wanted);
  });

  it('after -- there are none', () => {
    const { result } = parsed('plan', '--', '--yes');
    expect(result).toMatchObject({ kind: 'run', request: { argument: '--yes', options: {} } });
  });
});

describe('the command line with one more flag', () => {
  test.each<readonly [words: readonly string[], line: string]>([
    [
      ['pause', '--all', '--each', '--record', 'stopped.json'],
      'downbeat pause --all --each --record stopped.json --yes',
    ],
    [
      ['--env', 'prod', 'pause', 'billing_*', '--reason', "it's INC-4711"],
      "downbeat pause --env prod 'billing_*' --reason 'it'\\''s INC-4711' --yes",
    ],
    [['apply', '--', '--odd'], 'downbeat apply --yes -- --odd'],
    [['requeue', '--header', ''], "downbeat requeue --header '' --yes"],
  ])('%j', (words, line) => {
    const { result } = parsed(...words);
    expect(result.kind === 'run' && lineWith(result.request, '--yes')).toBe(line);
  });
});

describe('mistakes get a hint with the correct form', () => {
  test.each<readonly [line: string, message: string, hint: string]>([
    ['aply', 'unknown command "aply"', 'Did you mean `downbeat apply`?'],
    ['get', 'unknown command "get"', 'Did you mean `downbeat status`?'],
    [
      'destroy',
      'unknown command "destroy"',
      'To delete a schedule, remove its manifest and run `downbeat apply --prune`.',
    ],
    ['toString', 'unknown command "toString"', 'Run `downbeat --help` for the commands.'],
    [
      'next @daily --limit 0',
      '--limit must be a whole number from 1 to 100000, not "0"',
      'Run `downbeat next --help`',
    ],
    [
      'validate --fail-on x',
      '--fail-on must be one of error, warning, not "x"',
      'Run `downbeat validate --help`',
    ],
    ['help drfit', 'unknown command "drfit"', 'Did you mean `downbeat drift`?'],
    ['validate --onlin', 'unknown flag --onlin', 'Did you mean --online?'],
    ['--server-tpye x plan', 'unknown flag --server-tpye', 'Did you mean --server-type?'],
    ['pause --prune', 'unknown flag --prune', 'It is a flag of `downbeat plan`.'],
    ['plan --frobnicate', 'unknown flag --frobnicate', 'Run `downbeat plan --help` for the options.'],
    ['plan --env', '--env <NAME> needs a value', 'Run `downbeat plan --help` for the options.'],
    ['next', 'next needs <NAME|CRON>', 'Run `downbeat next --help` for the options.'],
    ['schema a b', 'schema takes only one [SCHEMA]', 'Run `downbeat schema --help` for the options.'],
    ['init x', 'init takes no arguments', 'Run `downbeat init --help` for the options.'],
    ['--quiet', 'no command', 'Run `downbeat --help` for the commands.'],
  ])('%s', (line, message, hint) => {
    const { result, err } = parsed(...line.split(' '));
    expect(result).toStrictEqual({ kind: 'ended', code: 1 });
    expect(err).toMatch(`error: ${message}\nhint: ${hint}`);
  });

  it('a number of each flag has a most that Node can wait for or hold, and one more is refused', () => {
    const longestTimer = 2 ** 31 - 1;
    const milliseconds: { readonly [value: string]: number } = { SECONDS: 1000, MS: 1 };
    const numbers = commands.flatMap((spec) =>
      spec.flags.map((key) => ({ command: spec.name, flag: flagOf(key) })).filter(({ flag }) => flag.whole),
    );
    expect(numbers.length).toBeGreaterThan(20);
    for (const { command, flag } of numbers) {
      const [least, most] = flag.whole ?? [0, 0];
      const line = (value: number) => [
        command,
        ...(command === 'next' || command === 'show' ? ['a'] : []),
        `--${flag.name}`,
        String(value),
      ];
      expect((milliseconds[flag.value ?? ''] ?? 0) * most).toBeLessThanOrEqual(longestTimer);
      expect(parsed(...line(most)).err).toBe('');
      for (const wrong of [most + 1, -1, 2 ** 53]) {
        const { err } = parsed(...line(wrong));
        expect(err).toMatch(`must be a whole number from ${least} to ${most}, not "${wrong}"`);
      }
    }
  });

  it('never repeats what follows an unknown flag, before or after the command', () => {
    for (const argv of [
      ['--secrt', 'hunter2', 'plan'],
      ['plan', '--secrt=hunter2'],
      ['--secrt=hunter2', 'plan'],
    ])
      expect(parsed(...argv).err).not.toContain('hunter2');
  });
});

describe('help and version', () => {
  it.each(commandNames)('%s --help and help %s are the same and keep to the width', (name) => {
    const { out, result } = parsed(name, '--help');
    expect(result).toStrictEqual({ kind: 'ended', code: 0 });
    expect(parsed('help', name).out).toBe(out);
    const ours = out.split('\n\nExample')[0] ?? '';
    for (const line of ours.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('names every flag of the command, its exit codes and its variables, the rare flags after the others', () => {
    for (const spec of commands) {
      const help = commandHelp(spec, 80);
      const [common = '', rare = ''] = help.split('Less common options:');
      for (const key of spec.flags) {
        const flag = flagOf(key);
        expect(flag.rare ? rare : common).toMatch(new RegExp(`--${flag.name}\\b`));
      }
      for (const code of Object.keys(spec.exits ?? {})) expect(help).toMatch(new RegExp(`^  ${code} `, 'm'));
      for (const variable of spec.reads) expect(help).toContain(`  ${variable} `);
    }
  });

  it('--output names the formats that the command has and no other', () => {
    for (const spec of commands) {
      const described = /--output FORMAT\[=FILE\]\s+([\s\S]*?)\(repeatable/.exec(commandHelp(spec, 80))?.[1];
      const named = formats.filter((format) => new RegExp(`\\b${format}\\b`).test(described ?? ''));
      expect(named).toStrictEqual(spec.formats ?? []);
    }
  });

  it.each(['version', '--version', '-V'])('%s', (word) => {
    expect(rootAnswer([word])).toBe(`${version}\n`);
    if (word !== 'version') expect(parsed(word, '--quiet').out).toBe(`${version}\n`);
    expect(rootAnswer([word, '--debug'])).toBeUndefined();
    expect(rootAnswer([word, '--quiet'])).toBeUndefined();
  });
});

describe('the table', () => {
  const keys = Object.keys(flags) as FlagKey[];

  it('uses every flag, lists every command once, and has no duplicate name in a command', () => {
    for (const key of keys)
      expect(everywhere.includes(key) || commands.some((spec) => spec.flags.includes(key))).toBe(true);
    expect(commands.map(({ name }) => name)).toStrictEqual([...commandNames]);
    for (const spec of commands) {
      const names = spec.flags.map((key) => flagOf(key).name);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it('each flag takes a value in every command or in none, so the command can be found', () => {
    const takes = new Map<string, boolean>();
    for (const key of keys) {
      const { name, value } = flagOf(key);
      expect(takes.get(name) ?? value !== undefined).toBe(value !== undefined);
      takes.set(name, value !== undefined);
    }
  });

  it('describes a flag of a command only by flags that it has', () => {
    for (const { name, flags: own } of commands) {
      const has = new Set([...own, ...everywhere].map((key) => `--${flagOf(key).name}`));
      for (const key of own) {
        const text = flagOf(key).describe.replaceAll(/`[^`]*`/g, '');
        for (const [other] of text.matchAll(/--[a-z][a-z-]*/g))
          expect(has.has(other), `${name} --${flagOf(key).name}: ${text}`).toBe(true);
      }
    }
  });

  it.each([
    ['resume', 'record', /^Resume/],
    ['pause', 'record', /^Store/],
    ['init', 'owner', /^Write/],
    ['plan', 'owner', /^Act/],
    ['history', 'exit-code', /^Exit 2 when a run could not be started$/],
  ] as const)('%s says what --%s does there', (command, name, text) => {
    const key = commandOf(command)?.flags.find((one) => flagOf(one).name === name);
    expect(key && flagOf(key).describe).toMatch(text);
  });

  it('begins every description with a capital letter and ends none with a period', () => {
    for (const key of keys) expect(flagOf(key).describe).toMatch(/^[A-Z].*[^.]$/s);
  });
});
