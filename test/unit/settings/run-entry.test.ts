import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Request } from '../../../src/argv/program.ts';
import { runOf } from '../../../src/settings/run-entry.ts';
import { fakeIo } from '../../support/io.ts';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'downbeat-run-entry-'));
  mkdirSync(join(cwd, 'infra/x'), { recursive: true });
  symlinkSync('infra', join(cwd, 'link'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

function identity(request: Partial<Request>, env: Readonly<Record<string, string>> = {}): string {
  return runOf({ command: 'plan', options: {}, ...request }, fakeIo({ cwd, env }).io).identity;
}

it('is the same for every spelling of a target', () => {
  const spellings = ['infra/x', './infra/x', 'infra/x/', 'infra/../infra/x', 'link/x'];
  expect(new Set(spellings.map((argument) => identity({ argument }))).size).toBe(1);
  const vars = [
    ['a=1', 'b=2'],
    ['b=2', 'a=1'],
  ];
  expect(new Set(vars.map((one) => identity({ options: { var: one } }))).size).toBe(1);
});

it('differs with everything that changes the outcome', () => {
  const requests: readonly Partial<Request>[] = [
    {},
    { argument: 'infra/x' },
    { argument: 'infra/y' },
    { options: { config: 'other.yaml' } },
    { options: { env: 'staging' } },
    { options: { server: 'https://y.example/api' } },
    { options: { var: ['tenant=a'] } },
    { options: { var: ['tenant=b'] } },
    { options: { target: ['a'] } },
    { options: { exclude: ['a'] } },
    { options: { selector: ['a=b'] } },
    { options: { name: 'payments' } },
  ];
  expect(new Set(requests.map((request) => identity(request))).size).toBe(requests.length);
});

it('is the name if there is one, whatever else is set', () => {
  expect(identity({ argument: 'infra/x', options: { name: 'payments', env: 'staging' } })).toBe('payments');
});

it('does not reveal a credential among the variables', () => {
  const pins = ['password=1234', 'password=4321'].map((text) => ({ options: { var: [text] } }));
  expect(new Set(pins.map((request) => identity(request))).size).toBe(1);
  const env = { DOWNBEAT_DIGEST_KEY: 'a key of our own that nobody else has' };
  expect(new Set(pins.map((request) => identity(request, env))).size).toBe(2);
});
