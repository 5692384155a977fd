import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { main } from '../../src/main.ts';
import type { Json } from '../../src/model/json.ts';
import { createScheduler } from '../../src/scheduler/core.ts';
import { credentialKeys, credentialValues } from '../support/credentials.ts';
import { fakeIo } from '../support/io.ts';
import { serveLocal } from '../support/scheduler.ts';

const schedules = 500;
const keys = credentialKeys();
const values = credentialValues();

type Planted = { readonly input: { readonly [key: string]: Json }; readonly credentials: readonly string[] };

/** A value by its form under a harmless key, and one by its key, deep down or in a list; innocents beside them. */
function planted(index: number): Planted {
  const at = <T>(list: readonly T[], step: number): T => list[(index * step) % list.length] as T;
  const byForm = at(values.credentials, 1);
  const byKey = `fAKE-${index}-notREAL`;
  const key = at(
    keys.credentials.filter((one) => one !== 'serviceAccountJson'),
    7,
  );
  const places: readonly ((value: string, name: string) => { readonly [key: string]: Json })[] = [
    (value, name) => ({ [name]: value }),
    (value, name) => ({ nested: { deeper: { [name]: value } } }),
    (value, name) => ({ list: ['a', { [name]: value }] }),
    (value, name) => ({ [name]: [value] }),
  ];
  return {
    input: {
      ...at(places, 1)(byForm, 'target'),
      other: at(places, 3)(byKey, key),
      harmless: at(values.innocents, 1),
      maxTokens: 1024,
    },
    credentials: [byForm, byKey],
  };
}

it('pull writes none of the credentials planted in 500 schedules, and names them all', {
  timeout: 300_000,
}, async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'downbeat-planted-'));
  mkdirSync(join(cwd, 'schedules'));
  const scheduler = createScheduler({ serverType: 'oss-2', now: Date.now, acceptAnyWorkflow: true });
  const all = Array.from({ length: schedules }, (_, index) => planted(index));
  for (const [index, { input }] of all.entries())
    scheduler.put({
      name: `job_${index}`,
      cronExpression: '0 0 3 * * ?',
      startWorkflowRequest: { name: 'w', input },
    } as never);
  const served = await serveLocal(scheduler);
  const env = { CONDUCTOR_SERVER_URL: served.url };
  try {
    const heard = fakeIo({ cwd, env, writes: 'disk' });
    const code = await main(['pull', '--unmanaged', '--output', 'json'], heard.io);
    expect(code, heard.err()).toBe(0);
    const said = heard.out() + heard.err();
    const files = readdirSync(join(cwd, 'schedules'));
    const written = files.map((file) => readFileSync(join(cwd, 'schedules', file), 'utf8')).join('\n');
    const forms = (text: string): readonly string[] => [text, JSON.stringify(text).slice(1, -1)];
    const found = all
      .flatMap(({ credentials }) => credentials)
      .filter((one) => forms(one).some((form) => written.includes(form) || said.includes(form)));
    expect(found).toStrictEqual([]);
    // Nothing was left out, and each credential has a name of its own.
    expect(files).toHaveLength(schedules);
    const { secrets, skipped } = JSON.parse(heard.out()) as {
      readonly secrets: readonly { readonly name: string; readonly schedule: string }[];
      readonly skipped: readonly unknown[];
    };
    expect(skipped).toStrictEqual([]);
    expect(new Set(secrets.map(({ name }) => name)).size).toBe(secrets.length);
    expect(secrets).toHaveLength(2 * schedules);

    // With the values under those names, there is nothing left to do.
    const byName = new Map(all.map((one, index) => [`job_${index}`, one.credentials]));
    const defined = Object.fromEntries(
      secrets.map(({ name, schedule }) => [name, byName.get(schedule)?.[/TARGET/.test(name) ? 0 : 1] ?? '']),
    );
    const later = fakeIo({ cwd, env: { ...env, ...defined } });
    expect(await main(['plan', '--detailed-exitcode'], later.io), later.out() + later.err()).toBe(0);

    // And drift that brings a credential into a manifest that has none.
    writeFileSync(
      join(cwd, 'schedules', 'job_0.yaml'),
      'name: job_0\ncronExpression: "0 0 3 * * ?"\nstartWorkflowRequest: {name: w}\n',
    );
    const [first] = files.filter((file) => file.startsWith('job_0') && file !== 'job_0.yaml');
    if (first !== undefined) rmSync(join(cwd, 'schedules', first));
    const again = fakeIo({ cwd, env: { ...env, ...defined }, writes: 'disk' });
    expect(await main(['pull'], again.io), again.err()).toBe(0);
    const edited = readFileSync(join(cwd, 'schedules', 'job_0.yaml'), 'utf8');
    expect(edited).toContain('${secret.');
    const [zero] = all;
    for (const one of zero?.credentials ?? []) expect(edited + again.out()).not.toContain(one);
  } finally {
    await served.close();
    rmSync(cwd, { recursive: true, force: true });
  }
});
