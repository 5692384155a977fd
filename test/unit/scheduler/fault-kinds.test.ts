import { describe, expect, it } from 'vitest';
import {
  canHappen,
  type FaultKind,
  type FaultRate,
  faultKinds,
  faultsOfKinds,
} from '../../../src/scheduler/fault-kinds.ts';
import type { Fault } from '../../../src/scheduler/faults.ts';
import { type ServedType, serverTypes } from '../../../src/scheduler/server-types.ts';
import type { WireRequest } from '../../../src/scheduler/wire.ts';
import { scheduleBody, testScheduler, wireRequest } from '../../support/scheduler.ts';

const schedules = '/api/scheduler/schedules';
const list = wireRequest('GET', schedules);

function plan(rates: readonly FaultRate[], seed = 7, serverType: ServedType = 'orkes-new') {
  return faultsOfKinds({ seed, serverType, rates });
}

function sequence(rates: readonly FaultRate[], seed: number, count: number, request = list) {
  const decide = plan(rates, seed);
  return Array.from({ length: count }, () => decide(request)?.kind ?? '-');
}

describe('a seeded sequence', () => {
  const mixed: readonly FaultRate[] = [
    { kind: '503', rate: 0.2 },
    { kind: 'reset-after', rate: 0.1 },
    { kind: 'lost-tags-write', rate: 0.1 },
    { kind: 'html', rate: 0.1 },
  ];

  it('is the same for seed 7 in every version', () => {
    expect(sequence(mixed, 7, 20).join(' ')).toBe(
      '- html reset status html - - html - - status - - status - - - reset - -',
    );
  });

  it('is another for another seed', () => {
    expect(sequence(mixed, 8, 50)).not.toEqual(sequence(mixed, 7, 50));
  });

  it('hits each kind at its rate', () => {
    const kinds = sequence(mixed, 1, 10_000, wireRequest('PUT', `${schedules}/a/tags`, []));
    const expected = { status: 0.2, reset: 0.1, 'lost write': 0.1, html: 0.1, '-': 0.5 };
    for (const [kind, share] of Object.entries(expected)) {
      const seen = kinds.filter((one) => one === kind).length / kinds.length;
      expect(Math.abs(seen - share), kind).toBeLessThan(0.015);
    }
  });

  it('is not shifted by a request that the fault cannot affect', () => {
    const lost: readonly FaultRate[] = [{ kind: 'lost-tags-write', rate: 0.5 }];
    const tags = wireRequest('PUT', `${schedules}/a/tags`, []);
    const [all, some] = [plan(lost), plan(lost)];
    for (let count = 0; count < 20; count += 1) {
      const there = all(tags);
      const here = some(count % 2 === 0 ? tags : list);
      if (count % 2 === 0) expect(here).toEqual(there);
      else expect(here).toBeUndefined();
    }
  });

  it('leaves open what the kind leaves open: a gateway cannot know the effect', () => {
    const decide = plan([{ kind: '504', rate: 1 }]);
    const effects = new Set(Array.from({ length: 20 }, () => (decide(list) as { effect: boolean }).effect));
    expect(effects).toEqual(new Set([true, false]));
  });
});

/** The fault that each kind is, where nothing is left open. */
const fixed: {
  readonly [K in Exclude<FaultKind, '502' | '504' | 'second-writer' | 'restart' | 'dead-timer'>]: Fault;
} = {
  '429': { kind: 'status', status: 429, effect: false, retryAfterSeconds: 1 },
  '500': { kind: 'status', status: 500, effect: false },
  '503': { kind: 'status', status: 503, effect: false },
  'reset-before': { kind: 'reset', effect: false },
  'reset-after': { kind: 'reset', effect: true },
  slow: { kind: 'delay', ms: 2000 },
  'cut-off': { kind: 'cut-off' },
  html: { kind: 'html', effect: false },
  'expired-token': { kind: 'expired token' },
  'lost-tags-write': { kind: 'lost write' },
};

it.each(Object.entries(fixed))('%s', (kind, fault) => {
  const request = wireRequest('DELETE', `${schedules}/a/tags`, [], { 'x-authorization': 't' });
  expect(plan([{ kind: kind as FaultKind, rate: 1 }])(request)).toEqual(fault);
});

it.each<[FaultKind, WireRequest]>([
  ['expired-token', wireRequest('POST', '/api/token', {})],
  ['lost-tags-write', wireRequest('GET', `${schedules}/a/tags`)],
  ['lost-tags-write', wireRequest('POST', schedules, scheduleBody('a'))],
  ['second-writer', list],
  ['second-writer', wireRequest('GET', '/api/version')],
  ['second-writer', wireRequest('POST', schedules, 'not JSON')],
  ['second-writer', wireRequest('GET', '/nowhere')],
  ['dead-timer', wireRequest('PUT', `${schedules}/a/pause`)],
  ['dead-timer', wireRequest('POST', schedules, 'not JSON')],
])('%s cannot happen to %j', (kind, request) => {
  expect(plan([{ kind, rate: 1 }])(request)).toBeUndefined();
});

it.each<[FaultKind, readonly ServedType[]]>([
  ['expired-token', ['orkes-old', 'orkes-new']],
  ['lost-tags-write', ['orkes-old', 'orkes-new', 'documented']],
  ['second-writer', ['oss-1', 'oss-2', 'orkes-old', 'orkes-new', 'documented']],
])('%s can happen on %j', (kind, where) => {
  const all = Object.keys(serverTypes) as ServedType[];
  expect(all.filter((serverType) => canHappen(kind, serverType))).toEqual(where);
});

describe('a second writer', () => {
  const request = wireRequest('GET', `${schedules}/a%20b`);

  it.each(Object.keys(serverTypes) as ServedType[])(
    'pauses, resumes, edits and deletes on %s',
    (serverType) => {
      const decide = plan([{ kind: 'second-writer', rate: 1 }], 1, serverType);
      const seen = new Set<string>();
      for (let count = 0; count < 40; count += 1) {
        let fault: Fault | undefined = decide(request);
        const changes: string[] = [];
        const scheduler = testScheduler({
          serverType,
          fault: () => {
            const now = fault;
            fault = undefined;
            return now;
          },
          journal: (effect) => {
            if ('by' in effect && effect.by === 'somebody else')
              changes.push(`${effect.kind} ${effect.name}`);
          },
        });
        // A resume of a running one and, on some servers, a pause of a paused one change nothing.
        scheduler.put(scheduleBody('a b', { paused: count % 2 === 0 }));
        scheduler.handle(request);
        for (const change of changes) seen.add(change);
      }
      expect([...seen].sort()).toEqual(['deleted a b', 'paused a b', 'resumed a b', 'saved a b']);
    },
  );

  it('comes between the read and the write of a save, which has its name in the body', () => {
    const decide = plan([{ kind: 'second-writer', rate: 1 }]);
    const fault = decide(wireRequest('POST', schedules, scheduleBody('in the body')));
    expect(fault).toMatchObject({ kind: 'foreign writer' });
    expect(JSON.stringify(fault)).toMatch(/in(%20| )the(%20| )body/);
  });
});

it('a path that the server refuses meets no fault', () => {
  const scheduler = testScheduler({ fault: plan([{ kind: 'second-writer', rate: 1 }]) });
  expect(scheduler.ask('GET', `${schedules}/%ff`).status).toBe(400);
});

it('no fault makes the scheduler throw, for any request', () => {
  const rates = faultKinds.map((kind) => ({ kind, rate: 1 / faultKinds.length }));
  const scheduler = testScheduler({
    serverType: 'orkes-new',
    fault: faultsOfKinds({ seed: 3, serverType: 'orkes-new', rates }),
  });
  let broken = 0;
  for (const path of ['', '/', '//', '/api', '/api/%', `${schedules}/%zz`, `${schedules}/a/pause`, schedules])
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'BREW', ''])
      for (const body of [undefined, '', '{', '[]', '{"name":{}}', '{"name":"a"}']) {
        if (scheduler.ask(method, path, body).broken === 'reset') broken += 1;
        scheduler.advance(2000);
      }
  expect(broken).toBeGreaterThan(10);
});
