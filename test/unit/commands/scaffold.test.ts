import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import configSchema from '../../../schemas/config.schema.json' with { type: 'json' };
import scheduleSchema from '../../../schemas/schedule.schema.json' with { type: 'json' };
import { fieldAt } from '../../../src/commands/explain/schema-field.ts';
import { main } from '../../../src/main.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { fakeIo } from '../../support/io.ts';

const places: string[] = [];
afterEach(() => {
  for (const place of places.splice(0)) rmSync(place, { recursive: true });
});

async function run(
  cwd: string,
  ...words: readonly string[]
): Promise<{ code: number; out: string; err: string }> {
  const { io, out, err } = fakeIo({ cwd });
  return { code: await main(words, io), out: out(), err: err() };
}

/** Validates what was printed, as files of a repository. */
async function validated(schedule: string, config: string): Promise<{ code: number; out: string }> {
  const place = mkdtempSync(join(tmpdir(), 'downbeat-scaffold-'));
  places.push(place);
  mkdirSync(join(place, 'schedules'));
  writeFileSync(join(place, 'schedules/one.yaml'), schedule);
  writeFileSync(join(place, 'downbeat.yaml'), config);
  return run(place, 'validate', '--fail-on', 'warning');
}

/** Without the marks in front of the fields that are left out. */
const uncommented = (text: string): string => text.replace(/^#(?=(?: {2})*[\w$]+:)/gm, '');
const printed = async (...words: readonly string[]): Promise<string> =>
  (await run('.', 'scaffold', ...words)).out;

describe('scaffold', () => {
  it('prints a valid manifest, as it is', async () => {
    const found = await validated(await printed('schedule'), await printed('config'));
    expect(found.out).toMatch(/1 manifest/);
    expect(found.code).toBe(0);
  });

  it('prints a valid manifest, with every field set', async () => {
    const [schedule, config] = [uncommented(await printed()), uncommented(await printed('config'))];
    const { code, out } = await validated(schedule, config);
    expect(out).toMatch(/1 manifest/);
    expect(`${code} ${out}`).toMatch(/^0 /);
    expect(schedule).toMatch(/^ {2}protect: true$/m);
    expect(config).toMatch(/^ {2}firesPerDay: 5000$/m);
  });

  it.each([
    ['schedule', scheduleSchema],
    ['config', configSchema],
  ] as const)('has every field of a %s', async (name, schema) => {
    const text = await printed(name);
    const fields = fieldAt(schema as unknown as JsonObject, name, [])?.fields ?? [];
    for (const { path } of fields.filter((field) => field.path !== '$comment'))
      expect(text).toMatch(new RegExp(`^(?:#|# Such as: )?${path}:`, 'm'));
  });

  it('refuses any other name', async () => {
    expect(await run('.', 'scaffold', 'shedule')).toMatchObject({
      code: 1,
      err: 'error: unknown scaffold "shedule"\nhint: did you mean "schedule"?\n',
    });
  });
});
