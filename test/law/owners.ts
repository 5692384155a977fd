import fc from 'fast-check';
import { expect } from 'vitest';
import { apply } from '../../src/apply/apply.ts';
import { connect } from '../../src/conductor/connect.ts';
import type { Transport } from '../../src/http/transport.ts';
import { defaultLimits } from '../../src/model/config.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { type Marker, unmarked } from '../../src/model/marks/marker.ts';
import { normalize } from '../../src/model/normal.ts';
import { type Change, ownerField, type Plan } from '../../src/model/plan.ts';
import type { ApplyResult, StepResult } from '../../src/model/result.ts';
import { openPolicy } from '../../src/model/run-policy.ts';
import type { DesiredSchedule, Tag } from '../../src/model/schedule.ts';
import { createScheduler, type Scheduler } from '../../src/scheduler/core.ts';
import { type Fault, seededFaults } from '../../src/scheduler/faults.ts';
import type { Effect } from '../../src/scheduler/journal.ts';
import { inProcess } from '../support/in-process.ts';
import { neverFires } from '../support/never-fires.ts';
import { planAgainst } from '../support/plan-against.ts';
import { testClock } from '../support/scheduler.ts';
import { desiredOf, observedOf } from '../support/schedules.ts';
import { turns } from '../support/turns.ts';

/**
 * Random histories of two owners and other people on one server. The law: whatever happens, no owner's run deletes or
 * overwrites a schedule that no manifest of that owner has created or adopted under that name, and every result agrees
 * with what is there when it ends, or says that it does not.
 */

type OwnerName = 'us' | 'them';

/** What another hand does. */
type Hand =
  | { readonly kind: 'copy'; readonly from: string; readonly to: string }
  | { readonly kind: 'create'; readonly name: string; readonly text: string }
  | { readonly kind: 'delete'; readonly name: string }
  | { readonly kind: 'describe'; readonly name: string; readonly how: 'replace' | 'append' | 'prepend' }
  | { readonly kind: 'tags'; readonly name: string; readonly how: 'drop' | 'add' };

type Edit =
  | { readonly kind: 'write'; readonly name: string; readonly text: string; readonly protect: boolean }
  | { readonly kind: 'drop'; readonly name: string }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string };

type Move =
  | { readonly kind: 'hand'; readonly hand: Hand }
  | { readonly kind: 'edit'; readonly owner: OwnerName; readonly edit: Edit }
  | {
      readonly kind: 'apply';
      readonly owner: OwnerName;
      readonly adopts: boolean;
      /** It may take over what the other owner has. */
      readonly takes: boolean;
      readonly between: readonly Hand[];
      /** Interrupted after so many requests of its apply. */
      readonly stopAfter: number | undefined;
    }
  /** Two runs, their requests in an order of the seed: of both owners, or of one with another branch. */
  | {
      readonly kind: 'both';
      readonly seed: number;
      readonly branch: Edit | undefined;
      readonly adopts: boolean;
      readonly takes: boolean;
    };

export interface History {
  readonly serverType: 'oss-2' | 'orkes-new';
  readonly faultSeed: number;
  readonly faultRate: number;
  readonly moves: readonly Move[];
}

const aName = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const aText = fc.constantFrom('one', 'two', 'three');
const anOwner = fc.constantFrom<OwnerName[]>('us', 'them');
const aHand: fc.Arbitrary<Hand> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('copy' as const), from: aName, to: aName }) },
  fc.record({ kind: fc.constant('create' as const), name: aName, text: aText }),
  fc.record({ kind: fc.constant('delete' as const), name: aName }),
  fc.record({
    kind: fc.constant('describe' as const),
    name: aName,
    how: fc.constantFrom('replace' as const, 'append' as const, 'prepend' as const),
  }),
  fc.record({
    kind: fc.constant('tags' as const),
    name: aName,
    how: fc.constantFrom('drop' as const, 'add' as const),
  }),
);
const anEdit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      name: aName,
      text: aText,
      protect: fc.constantFrom(false, false, true),
    }),
  },
  fc.record({ kind: fc.constant('drop' as const), name: aName }),
  fc.record({ kind: fc.constant('rename' as const), from: aName, to: aName }),
);
/** Seldom: where everything is taken over, nobody owns anything for long. */
const taking = fc.constantFrom(false, false, true);
const aMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('hand' as const), hand: aHand }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('edit' as const), owner: anOwner, edit: anEdit }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('apply' as const),
      owner: anOwner,
      adopts: fc.boolean(),
      takes: taking,
      between: fc.array(aHand, { maxLength: 2 }),
      stopAfter: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined, freq: 3 }),
    }),
  },
  fc.record({
    kind: fc.constant('both' as const),
    seed: fc.nat(),
    branch: fc.option(anEdit, { nil: undefined }),
    adopts: fc.boolean(),
    takes: taking,
  }),
);

export const anyHistory: fc.Arbitrary<History> = fc.record({
  serverType: fc.constantFrom('oss-2' as const, 'orkes-new' as const),
  faultSeed: fc.nat(),
  faultRate: fc.constantFrom(0, 0, 0.1),
  moves: fc.array(aMove, { minLength: 8, maxLength: 24, size: 'max' }),
});

const faults: readonly Fault[] = [
  { kind: 'reset', effect: true },
  { kind: 'reset', effect: false },
  { kind: 'status', status: 503, effect: true },
  { kind: 'status', status: 500, effect: false },
  { kind: 'cut-off' },
];

/** A schedule from its creation to its end, and whose manifests have created or adopted it. */
interface Life {
  readonly owners: Set<OwnerName>;
}

/** One run of an owner: what it has read, and what it may do. */
interface Client {
  readonly owner: OwnerName;
  readonly branch: Branch;
  /** By name: the life that its last read found; what was never read is not here. */
  readonly read: Map<string, Life | undefined>;
  /** Names that its plan adopts or takes over. */
  adopted: ReadonlySet<string>;
  /** By name: what was there at its last list, and at every read and after every write of its own since. */
  last: Map<string, (Stored | undefined)[]>;
}

interface Stored {
  readonly body: JsonObject;
  readonly tags: readonly Tag[];
}

interface Entry {
  readonly text: string;
  readonly previous: readonly string[];
  readonly protect: boolean;
}
type Branch = ReadonlyMap<string, Entry>;

/** How much of what the law is about has happened. */
export interface Played {
  readonly writes: number;
  readonly claims: number;
  readonly takenOver: number;
  /** Runs that were interrupted with steps left to do. */
  readonly interrupted: number;
  /** Orphans that stay because they are protected. */
  readonly protectedOrphans: number;
}

const path = '/api/scheduler/schedules';
const names = ['a', 'b', 'c', 'd', 'e'];

/** Plays a history and holds it to the law. Answers what happened, so that a test can see that it is no empty run. */
export async function holdOwnerLaws(history: History): Promise<Played> {
  const { serverType } = history;
  const place = serverType === 'oss-2' ? 'description' : 'tags';
  const clock = testClock();
  const lives = new Map<string, Life>();
  /** Whose manifests have ever created or adopted a name. */
  const ever = new Map<string, Set<OwnerName>>(names.map((name) => [name, new Set()]));
  const plan = seededFaults({ seed: history.faultSeed, rate: history.faultRate, faults });
  let current: Client | undefined;
  let writes = 0;
  let claims = 0;
  let takenOver = 0;
  let interrupted = 0;
  let protectedOrphans = 0;
  /** By the request that is being answered. */
  const written = new Set<string>();
  const broken: string[] = [];
  const scheduler: Scheduler = createScheduler({
    serverType,
    acceptAnyWorkflow: true,
    now: clock.now,
    journal: (effect) => happened(effect),
    fault: (request) => (current === undefined ? undefined : plan(request)),
  });
  const branches: { [O in OwnerName]: Branch } = { us: new Map(), them: new Map() };

  /** Keeps the lives, and judges each effect when it takes place: a result cannot hide it. */
  function happened(effect: Effect): void {
    if (!('name' in effect) || effect.kind === 'fired' || effect.kind === 'timers lost') return;
    const { name } = effect;
    const life = lives.get(name);
    if (effect.kind === 'saved' && effect.before === null) {
      lives.set(name, { owners: new Set(current === undefined ? [] : [current.owner]) });
      if (current === undefined) return;
      ever.get(name)?.add(current.owner);
      written.add(name);
      writes += 1;
      return;
    }
    if (current !== undefined) {
      written.add(name);
      writes += 1;
      judge(current, effect.kind, name, life);
    }
    if (effect.kind !== 'deleted') return;
    lives.delete(name);
    if (current !== undefined) judgeProtection(current, name);
  }

  /** Protection goes only by a commit; a rename takes it along. */
  function judgeProtection({ owner, last, branch }: Client, name: string): void {
    const seen = last.get(name)?.at(-1);
    const isMoved = [...branch.values()].some(({ previous, protect }) => protect && previous.includes(name));
    if (seen !== undefined && !isMoved && markersOf(seen).some((marker) => marker.protected))
      broken.push(`${owner} deleted ${name}, which it had seen protected`);
  }

  /** What has only the marker of a new owner now is no longer the old one's; who has read it before cannot know. */
  function handOver({ owner, adopted }: Client): void {
    for (const name of adopted) {
      const [life, found] = [lives.get(name), stored(name)];
      if (life === undefined || found === undefined || !life.owners.has(owner) || life.owners.size === 1)
        continue;
      if (!markersOf(found).every((marker) => marker.owner === owner)) continue;
      lives.set(name, { owners: new Set([owner]) });
      takenOver += 1;
    }
  }

  function judge(client: Client, kind: string, name: string, life: Life | undefined): void {
    const { owner, read, adopted } = client;
    if (life === undefined || life.owners.has(owner)) return;
    if ((adopted.has(name) || (kind !== 'deleted' && isFree(client, name))) && read.get(name) === life) {
      life.owners.add(owner);
      ever.get(name)?.add(owner);
      return;
    }
    // It came after the read that the write rests on: no client can know, for there is no version.
    if (read.has(name) && read.get(name) !== life) {
      // And from now on it is as their manifest has it, with their marker.
      if (kind === 'saved') life.owners.add(owner);
      return;
    }
    broken.push(`${owner} ${kind} ${name}, which no manifest of theirs created or adopted`);
  }

  /** What is nobody's and just as the manifest has it is adopted without asking, also when it came after the plan. */
  function isFree({ last, branch }: Client, name: string): boolean {
    const seen = last.get(name)?.at(-1);
    return (
      seen !== undefined && markersOf(seen).length === 0 && seen.body.description === branch.get(name)?.text
    );
  }

  function stored(name: string): Stored | undefined {
    const { schedules, tags } = scheduler.state();
    const body = schedules.find((one) => one.name === name);
    return body === undefined ? undefined : { body, tags: tags[name] ?? [] };
  }

  function act(hand: Hand): void {
    const there = stored('name' in hand ? hand.name : hand.from);
    const description = String(there?.body.description ?? '');
    switch (hand.kind) {
      case 'create':
        if (there === undefined) scheduler.put(bodyOf(hand.name, hand.text));
        return;
      case 'copy':
        if (there === undefined || hand.to === hand.from) return;
        scheduler.put({ ...there.body, name: hand.to }, there.tags);
        restored(hand.to);
        return;
      case 'delete':
        if (there !== undefined)
          scheduler.handle({
            method: 'DELETE',
            path: `${path}/${hand.name}`,
            query: '',
            headers: headersFor(),
          });
        return;
      case 'describe': {
        if (there === undefined) return;
        const text = {
          replace: 'by hand',
          append: `${description}\nby hand`,
          prepend: `by hand\n${description}`,
        };
        scheduler.put({ ...there.body, description: text[hand.how] }, there.tags);
        return;
      }
      case 'tags': {
        if (there === undefined || serverType === 'oss-2') return;
        const kept = hand.how === 'add' ? there.tags : there.tags.slice(1);
        scheduler.put(there.body, hand.how === 'add' ? [...kept, { key: 'team', value: 'x' }] : kept);
        return;
      }
    }
  }

  /** A copy of a copy may bring a schedule back with the very marker that was written for it: it is that one again. */
  function restored(name: string): void {
    const found = stored(name);
    if (found === undefined) return;
    for (const { owner } of markersOf(found))
      if (isOwner(owner) && ever.get(name)?.has(owner)) lives.get(name)?.owners.add(owner);
  }

  function markersOf({ body, tags }: Stored): readonly Marker[] {
    return unmarked(observedOf(normalize(body).schedule, { tags }), place).markers;
  }

  function headersFor(): Record<string, string> {
    const token = scheduler.handle({
      method: 'POST',
      path: '/api/token',
      query: '',
      headers: { 'content-type': 'application/json' },
      body: '{"keyId":"k","keySecret":"s"}',
    });
    const found = /"token":\s*"([^"]+)"/.exec(token.body)?.[1];
    return found === undefined ? {} : { 'x-authorization': found };
  }

  /** One apply; `through` decides when each of its requests is its turn, once it has planned. */
  async function run(
    owner: OwnerName,
    branch: Branch,
    { adopts, takes, stopAfter }: { adopts: boolean; takes: boolean; stopAfter?: number | undefined },
    through: <T>(answer: () => Promise<T>) => Promise<T>,
  ): Promise<() => Promise<ApplyResult | undefined>> {
    const client: Client = { owner, branch, read: new Map(), adopted: new Set(), last: new Map() };
    const interruption = new AbortController();
    let requests = 0;
    const direct = inProcess(scheduler);
    let planned = false;
    const asked: Transport = async (request) => {
      if (interruption.signal.aborted && request.method !== 'GET')
        broken.push(`${owner} ${request.method} ${request.path} after the interruption`);
      current = client;
      written.clear();
      const answer = direct(request);
      current = undefined;
      for (const name of written) client.last.get(name)?.push(stored(name));
      if (request.method === 'GET') remember(client, request.path);
      handOver(client);
      if (planned) requests += 1;
      if (requests === stopAfter) interruption.abort();
      return answer;
    };
    const transport: Transport = (request) => (planned ? through(() => asked(request)) : asked(request));
    const wait = async (ms: number): Promise<void> => clock.advance(ms);
    const options = { now: clock.now, random: () => 0.5, wait };
    const connection = connect({
      url: 'http://local',
      transport,
      credentials: { kind: 'key', key: 'k', secret: 's' },
      maxRetries: 2,
      signal: interruption.signal,
      ...options,
    });
    const none = { kind: 'none' } as const;
    const policy = {
      ...openPolicy,
      owner,
      prune: true,
      adopt: adopts ? ('all' as const) : [],
      takeOver: takes ? [owner === 'us' ? 'them' : 'us'] : [],
      limits: { ...defaultLimits, deletes: none, updates: none },
    };
    const made = await planAgainst(connection, desiredIn(branch), policy, clock.now);
    planned = true;
    if (!made.ok) return async () => undefined;
    client.adopted = adoptedBy(made.plan, policy.takeOver);
    protectedOrphans += made.plan.changes.filter(
      (one) => one.kind === 'leave' && one.reason === 'protected',
    ).length;
    const { reader, writer, counts, retryDelay } = connection;
    return async () => {
      const result = await apply(made.plan, {
        ...options,
        reader,
        writer,
        counts,
        retryDelay,
        capabilities: made.observed.server.capabilities,
        parallelism: 4,
        failFast: false,
        maxRetries: 2,
        ...neverFires,
        stopped: () => interruption.signal.aborted,
      });
      if (result.interrupted && result.counts.notRun > 0) interrupted += 1;
      agree(client, result, branch);
      return result;
    };
  }

  function remember(client: Client, asked: string): void {
    const one = /\/schedules\/([a-e])(?:\/tags)?$/.exec(asked)?.[1];
    const isList = asked.endsWith('/schedules');
    for (const name of isList ? names : one === undefined ? [] : [one]) {
      client.read.set(name, lives.get(name));
      if (isList) client.last.set(name, [stored(name)]);
      else client.last.get(name)?.push(stored(name));
    }
  }

  /** Each claim is true of what this run saw last, or of what is there now. */
  function agree({ owner, last }: Client, { steps, closingLook }: ApplyResult, branch: Branch): void {
    // Then no step was held against the end, and the report says so.
    if (closingLook.outcome === 'failed') return;
    for (const step of steps) {
      if (step.outcome !== 'done' && step.outcome !== 'already') continue;
      claims += 1;
      const seen = [...(last.get(step.name) ?? []), stored(step.name)];
      if (!seen.some((one) => isAsClaimed(step, one, owner, branch)))
        broken.push(
          `${owner} ${step.step.kind} ${step.name} ${step.outcome}, and the server has ${JSON.stringify(seen)}`,
        );
    }
  }

  function isAsClaimed(
    { step, name }: StepResult,
    found: Stored | undefined,
    owner: OwnerName,
    branch: Branch,
  ): boolean {
    if (step.kind === 'delete') return found === undefined;
    if (found === undefined) return false;
    const raw = observedOf(normalize(found.body).schedule, { tags: found.tags });
    const { observed, markers } = unmarked(raw, place);
    const isMarked = markers.some(
      (one) => one.owner === owner && one.protected === (branch.get(name)?.protect ?? false),
    );
    if (step.kind === 'tag') return isMarked;
    if (step.kind !== 'save') return true;
    // Tags are steps of their own.
    return observed.schedule.description === branch.get(name)?.text && (place === 'tags' || isMarked);
  }

  for (const move of history.moves) {
    if (move.kind === 'hand') act(move.hand);
    else if (move.kind === 'edit') branches[move.owner] = edited(branches[move.owner], move.edit);
    else if (move.kind === 'apply') {
      const between = [...move.between];
      // Somebody is at work while it runs: between two of its requests.
      const go = await run(move.owner, branches[move.owner], move, async (answer) => {
        const result = await answer();
        const hand = between.shift();
        if (hand !== undefined) act(hand);
        return result;
      });
      await go();
    } else {
      const turn = turns(move.seed);
      const other =
        move.branch === undefined
          ? (['them', branches.them] as const)
          : (['us', edited(branches.us, move.branch)] as const);
      const first = await run('us', branches.us, move, turn);
      const second = await run(other[0], other[1], move, turn);
      await Promise.all([first(), second()]);
    }
    expect(broken, JSON.stringify(move)).toEqual([]);
  }
  return { writes, claims, takenOver, interrupted, protectedOrphans };
}

function isOwner(name: string): name is OwnerName {
  return name === 'us' || name === 'them';
}

/** Schedules that are there and become the owner's, as the plan says: nobody's, or of an owner that may be taken over. */
function adoptedBy({ changes }: Plan, takeOver: readonly string[]): ReadonlySet<string> {
  const adopts = ({ kind, basis, fields }: Change): boolean =>
    kind === 'adopt' ||
    (basis !== null &&
      (kind === 'rename' || kind === 'update') &&
      fields.some(
        ({ path: [first], before }) =>
          first === ownerField && (before === undefined || takeOver.includes(String(before))),
      ));
  return new Set(changes.filter(adopts).map(({ name }) => name));
}

function edited(branch: Branch, edit: Edit): Branch {
  const next = new Map(branch);
  if (edit.kind === 'write') {
    const { name, text, protect } = edit;
    next.set(name, { previous: next.get(name)?.previous ?? [], text, protect });
  } else if (edit.kind === 'drop') next.delete(edit.name);
  else {
    const there = next.get(edit.from);
    if (there === undefined || next.has(edit.to)) return branch;
    next.delete(edit.from);
    next.set(edit.to, { ...there, previous: [edit.from] });
  }
  return next;
}

function bodyOf(name: string, description: string): JsonObject {
  return { name, description, cronExpression: '0 0 3 1 1 ?', startWorkflowRequest: { name: 'w' } };
}

function desiredIn(branch: Branch): readonly DesiredSchedule[] {
  return [...branch].map(([name, { text, previous, protect }]) => {
    const one = desiredOf(normalize(bodyOf(name, text)).schedule);
    return { ...one, lifecycle: { ...one.lifecycle, previousNames: previous, protect } };
  });
}
