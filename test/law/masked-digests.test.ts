import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serverTypes } from '../../src/conductor/server-types.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { canonicalJson } from '../../src/model/json.ts';
import { normalize } from '../../src/model/normal.ts';
import { openPolicy, type Policy } from '../../src/model/run-policy.ts';
import type { DesiredSchedule } from '../../src/model/schedule.ts';
import { type JudgedPlan, planOf } from '../../src/plan/plan.ts';
import { savedPlanOf } from '../../src/plan/saved/write-saved.ts';
import { planDocument } from '../../src/report/documents/plan.ts';
import { documentJson } from '../../src/report/formats/document-json.ts';
import { renderMarkdown } from '../../src/report/formats/markdown.ts';
import { casesOf } from '../support/cases.ts';
import { desiredOf, observedOf } from '../support/schedules.ts';
import { lawSettings } from './settings.ts';

const key = 'a key of no server, 32 characters';
const inputPath = ['startWorkflowRequest', 'input'];

function schedule(input: JsonObject, cronExpression = '0 0 3 * * ?') {
  return normalize({ name: 'a', cronExpression, startWorkflowRequest: { name: 'w', input } }).schedule;
}

function plan(
  wanted: DesiredSchedule,
  there: JsonObject,
  digestKey: string | undefined,
  updatedTime = 1,
): JudgedPlan {
  const policy: Policy = digestKey === undefined ? openPolicy : { ...openPolicy, digestKey };
  const observed = [observedOf(schedule(there), { facts: { updatedTime } })];
  return planOf({
    desired: [wanted],
    observed,
    server: { serverType: 'oss-2', capabilities: serverTypes['oss-2'].capabilities },
    url: 'http://a',
    policy,
    now: 0,
  });
}

/** Places where a value is masked, with what makes it so. */
const places = fc.constantFrom<{
  readonly input: (value: string) => JsonObject;
  readonly lifecycle?: Partial<DesiredSchedule['lifecycle']>;
  readonly secrets?: DesiredSchedule['secrets'];
}>(
  { input: (value) => ({ apiKey: value }) },
  { input: (value) => ({ list: [{ password: value }] }) },
  { input: (value) => ({ url: `amqp://u:${value}@h` }) },
  {
    input: (value) => ({ account: { iban: value } }),
    lifecycle: { sensitive: [[...inputPath, 'account']] },
  },
  {
    input: (value) => ({ a: value }),
    secrets: [{ path: [...inputPath, 'a'], reference: '${secret.S}', names: ['S'], known: true }],
  },
);
const aValue = fc.stringMatching(/^[a-z][a-z0-9]{3,12}$/);

describe('a masked value', () => {
  it('changes the digest with a key, and is named as not covered without one', () => {
    let seen = 0;
    fc.assert(
      fc.property(places, aValue, aValue, aValue, fc.boolean(), (place, one, other, base, isObserved) => {
        fc.pre(one !== other && base !== one && base !== other);
        const wanted = (value: string): DesiredSchedule => {
          const plain = desiredOf(schedule(place.input(value), '0 0 4 * * ?'));
          return {
            ...plain,
            lifecycle: { ...plain.lifecycle, ...place.lifecycle },
            ...(place.secrets === undefined ? {} : { secrets: place.secrets }),
          };
        };
        // Either what is asked for is another value, or what the change rests on.
        const planned = (value: string, digestKey?: string) =>
          isObserved
            ? plan(wanted(base), place.input(value), digestKey)
            : plan(wanted(value), place.input(base), digestKey);
        expect(planned(one, key).digest).not.toBe(planned(other, key).digest);
        expect(planned(one, key).digest).toBe(planned(one, key).digest);
        const without = planned(one);
        expect(without.digest).toBe(planned(other).digest);
        expect(without.masked.length).toBeGreaterThan(0);
        seen += 1;
      }),
      { numRuns: Math.max(200, lawSettings.runs / 20), seed: lawSettings.seed },
    );
    expect(seen).toBeGreaterThan(100);
  });

  it('does not enter the digest through the time of the last write', () => {
    const wanted = desiredOf(schedule({ apiKey: 'new' }));
    for (const digestKey of [key, undefined])
      expect(plan(wanted, { apiKey: 'old' }, digestKey, 1).digest).toBe(
        plan(wanted, { apiKey: 'old' }, digestKey, 2).digest,
      );
  });

  it('of four digits is not found by guesses against the plan file and the comment, 100,000 in test:laws', () => {
    const pin = '4711';
    const wanted = (value: string): DesiredSchedule => ({
      ...desiredOf(schedule({ pin: value })),
      secrets: [{ path: [...inputPath, 'pin'], reference: '${secret.PIN}', names: ['PIN'], known: true }],
    });
    const made = plan(wanted(pin), { pin: '0815' }, key);
    const saved = savedPlanOf(made, [wanted(pin)], key);
    if (!saved.ok) throw new Error(JSON.stringify(saved.diagnostics));
    const file = documentJson(saved.saved);
    const comment = renderMarkdown(planDocument(made, [], { showSensitive: false }));
    const known = new Set((file + comment).match(/[0-9a-f]{16,64}/g));
    expect(known.size).toBeGreaterThan(3);
    expect(file + comment).not.toMatch(/4711|0815/);

    const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
    const mac = (secret: string, text: string): string =>
      createHmac('sha256', secret).update(text).digest('hex');
    const json = (value: Json): string => canonicalJson(value);
    const check = saved.saved.digestKey ?? '';
    /** What somebody may try who has both texts and the program. */
    const guesses: readonly ((guess: string) => string | undefined)[] = [
      (guess) => hash(guess),
      (guess) => hash(json(guess)),
      (guess) => mac('', json(guess)),
      (guess) => mac(check, json(guess)),
      (guess) => mac(saved.saved.digest, json(guess)),
      (guess) => mac('http://a', json(guess)),
      (guess) => plan(wanted(guess), { pin: '0815' }, undefined).digest,
      (guess) => plan(wanted('4711'), { pin: guess }, undefined).changes[0]?.basis ?? undefined,
      (guess) => plan(wanted(guess), { pin: '0815' }, check).digest,
      (guess) => plan(wanted(guess), { pin: '0815' }, saved.saved.digest).digest,
    ];
    // The right one is among them in any case.
    const step = Math.max(1, Math.round(10_000 / casesOf(10_000, 2000)));
    const all = Array.from({ length: 10_000 }, (_, index) => String(index).padStart(4, '0')).filter(
      (one) => (Number(one) - Number(pin)) % step === 0,
    );
    let tried = 0;
    const found = guesses.flatMap((guess) =>
      all.filter((one) => {
        tried += 1;
        return known.has(guess(one) ?? '');
      }),
    );
    expect(tried).toBe(10 * all.length);
    expect(all.length).toBeGreaterThanOrEqual(2000);
    expect(found).toStrictEqual([]);
    // Whoever has the key finds it at once: the guesses are the right ones.
    const withKey = all.filter((one) => known.has(plan(wanted(one), { pin: '0815' }, key).digest ?? ''));
    expect(withKey).toStrictEqual([pin]);
  });
});
