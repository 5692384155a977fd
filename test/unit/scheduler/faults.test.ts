import { describe, expect, it } from 'vitest';
import { type Fault, seededFaults } from '../../../src/scheduler/faults.ts';
import { scheduleBody, testScheduler, wireRequest } from '../../support/scheduler.ts';

const schedules = '/api/scheduler/schedules';

/** Saves `a` under a fault: the answer, and whether the save took effect. */
function saveUnder(fault: Fault) {
  let next: Fault | undefined = fault;
  const scheduler = testScheduler({
    fault: () => {
      const now = next;
      next = undefined;
      return now;
    },
  });
  const answer = scheduler.ask('POST', schedules, scheduleBody('a'));
  return { answer, stored: scheduler.state().schedules.map(({ name }) => name) };
}

describe('one fault', () => {
  it.each([
    [
      { kind: 'status', status: 429, effect: false, retryAfterSeconds: 3 },
      { status: 429, headers: { 'retry-after': '3' } },
      [],
    ],
    [{ kind: 'status', status: 503, effect: false }, { status: 503 }, []],
    [{ kind: 'status', status: 504, effect: true }, { status: 504 }, ['a']],
    [{ kind: 'reset', effect: false }, { broken: 'reset' }, []],
    [{ kind: 'reset', effect: true }, { broken: 'reset' }, ['a']],
    [{ kind: 'delay', ms: 5 }, { status: 200, delayMs: 5 }, ['a']],
    [{ kind: 'cut-off' }, { status: 200, broken: 'cut-off' }, ['a']],
    [{ kind: 'html', effect: false }, { status: 200, headers: { 'content-type': 'text/html' } }, []],
    [{ kind: 'lost write' }, { status: 200, body: '' }, []],
    [
      { kind: 'foreign writer', request: wireRequest('POST', schedules, scheduleBody('b')) },
      { status: 200 },
      ['b', 'a'],
    ],
  ] as const)('%j', (fault, expected, stored) => {
    const result = saveUnder(fault);
    expect(result.answer).toMatchObject(expected);
    expect(result.stored).toEqual(stored);
  });

  it('an expired token in the middle is refused, and the next one works', () => {
    let expire = false;
    const scheduler = testScheduler({
      serverType: 'orkes-new',
      access: { keys: [{ id: 'k', secret: 's' }] },
      fault: ({ path }) => (expire && path.startsWith(schedules) ? { kind: 'expired token' } : undefined),
    });
    const token = () => {
      const { body } = scheduler.ask('POST', '/api/token', { keyId: 'k', keySecret: 's' });
      return { 'x-authorization': (JSON.parse(body) as { token: string }).token };
    };
    const first = token();
    expire = true;
    expect(scheduler.ask('GET', schedules, undefined, first).body).toContain('EXPIRED_TOKEN');
    expire = false;
    expect(scheduler.ask('GET', schedules, undefined, token()).status).toBe(200);
  });

  it('a read is never lost', () => {
    const scheduler = testScheduler({ fault: () => ({ kind: 'lost write' }) });
    expect(scheduler.ask('GET', schedules).body).toBe('[]');
  });
});

describe('a seeded plan', () => {
  const faults: readonly Fault[] = [{ kind: 'reset', effect: false }, { kind: 'cut-off' }];
  const request = wireRequest('GET', schedules);

  function sequence(options: { seed: number; rate: number; most?: number }, count = 200): readonly string[] {
    const plan = seededFaults({ faults, ...options });
    return Array.from({ length: count }, () => plan(request)?.kind ?? '-');
  }

  it('is the same for the same seed and different for another', () => {
    expect(sequence({ seed: 7, rate: 0.3 })).toEqual(sequence({ seed: 7, rate: 0.3 }));
    expect(sequence({ seed: 7, rate: 0.3 })).not.toEqual(sequence({ seed: 8, rate: 0.3 }));
  });

  it('hits at about its rate, with each of its faults', () => {
    for (const seed of [0, 1, 2, -5, 2 ** 31]) {
      const kinds = sequence({ seed, rate: 0.3 }, 4000);
      const hits = kinds.filter((kind) => kind !== '-');
      expect(hits.length).toBeGreaterThan(1000);
      expect(hits.length).toBeLessThan(1400);
      expect(hits.filter((kind) => kind === 'reset').length).toBeGreaterThan(hits.length * 0.4);
      expect(hits.filter((kind) => kind === 'cut-off').length).toBeGreaterThan(hits.length * 0.4);
    }
    expect(new Set(sequence({ seed: 1, rate: 0 }))).toEqual(new Set(['-']));
  });

  it('ends after its maximum, and begins like one without', () => {
    const ended = sequence({ seed: 3, rate: 0.5, most: 4 });
    expect(ended.filter((kind) => kind !== '-')).toHaveLength(4);
    const last = ended.findLastIndex((kind) => kind !== '-');
    expect(ended.slice(0, last + 1)).toEqual(sequence({ seed: 3, rate: 0.5 }).slice(0, last + 1));
  });
});
