import { expect } from 'vitest';
import { apply } from '../../../src/apply/apply.ts';
import { settlingTime } from '../../../src/apply/closing-look.ts';
import { contains } from '../../../src/compare/same.ts';
import type { Execution } from '../../../src/model/execution.ts';
import { canonicalJson, isObject, type Json, type JsonObject, objectOf } from '../../../src/model/json.ts';
import { normalize, requestFields, scheduleFields, serverFields } from '../../../src/model/normal.ts';
import { type Change, nameOf, type Plan, type Rename, type Step } from '../../../src/model/plan.ts';
import type { ApplyResult, StepResult } from '../../../src/model/result.ts';
import type { Schedule, Tag } from '../../../src/model/schedule.ts';
import { placesOf } from '../../../src/plan/on-server.ts';
import { planOf } from '../../../src/plan/plan.ts';
import { planOfSaved } from '../../../src/plan/saved/revive.ts';
import { savedPlanOf } from '../../../src/plan/saved/write-saved.ts';
import { handOf, type ModelCase, newName, oldName, policy, theirs, worldOfCase } from './cases.ts';
import {
  type Entry,
  type ModelServer,
  modelServer,
  nextModelFire,
  type ServerKind,
  type Stored,
  type WriteKind,
} from './server.ts';

type Write = Extract<Entry, { kind: 'write' }>;

/** A run of a plan against the adversarial port, and everything that is needed to judge it. */
interface Ran {
  readonly one: ModelCase;
  readonly plan: Plan;
  readonly planned: ReadonlyMap<string, Stored>;
  readonly result: ApplyResult;
  readonly server: ModelServer;
  readonly journal: readonly Entry[];
  readonly final: ReadonlyMap<string, Stored>;
}

/** Runs a case and holds it to every law of an apply. */
export async function holdModelLaws(one: ModelCase): Promise<void> {
  const { contents, desired } = worldOfCase(one);
  const server = modelServer(one.kind, contents, one);
  const fresh = (): Plan =>
    planOf({
      desired,
      observed: server.observed(),
      server: { serverType: 'oss-2', capabilities: server.capabilities },
      url: 'model',
      policy,
      now: server.now(),
    });
  const made = fresh();
  const names = one.items.flatMap((_item, index) => [newName(index), oldName(index)]);
  // What this key does not see is not there for the plan.
  const planned = new Map([...server.contents()].filter(([, one]) => one.hidden !== true));
  for (const hand of one.history) server.act(handOf(hand, names));
  const plan = one.saved && made.verdict !== 'blocked' ? throughFile(made, server, desired) : made;
  server.begin(
    one.happenings.map(({ at, what }) => ({
      at,
      what:
        what.kind === 'hand'
          ? { kind: 'hand', hand: handOf(what.hand, names) }
          : what.kind === 'rival'
            ? { kind: 'rival', hand: handOf(what.hand, names), otherwise: theirs('theirs') }
            : what,
    })),
    one.deaf,
  );
  const result = await carryOut(plan, server, one);
  const again = fresh();
  const ran = {
    one,
    plan,
    planned,
    result,
    server,
    journal: [...server.journal],
    final: server.contents(),
  };
  holdResult(ran);
  holdReasons(ran);
  holdContradictions(ran);
  holdNames(ran);
  holdBodies(ran);
  holdHands(ran);
  holdNewNames(ran);
  holdClaims(ran);
  holdEffects(ran);
  holdTimers(ran);
  holdStop(ran);
  holdWaits(ran);
  holdMarks(ran);
  holdQuiet(ran, again);
  holdLook(ran);
  holdFires(ran);
}

function throughFile(plan: Plan, server: ModelServer, desired: Parameters<typeof savedPlanOf>[1]): Plan {
  const saved = savedPlanOf(plan, desired, undefined);
  // What is masked is not put into a file.
  return saved.ok ? planOfSaved(saved.saved, server.observed(), placesOf(server.capabilities)) : plan;
}

function nextFire({ paused }: Schedule, after: number): number | null {
  return paused ? null : nextModelFire(after);
}

function awaitedFires(schedule: Schedule, since: number, runs: readonly Execution[]): readonly number[] {
  const own = runs.map(({ executionTime = 0 }) => executionTime);
  return schedule.paused ? [] : [nextModelFire(Math.max(since, ...own))];
}

function carryOut(plan: Plan, server: ModelServer, one: ModelCase): Promise<ApplyResult> {
  return apply(plan, {
    reader: server.reader,
    writer: server.writer,
    capabilities: server.capabilities,
    parallelism: one.parallelism,
    failFast: one.failFast,
    maxRetries: one.maxRetries,
    retryDelay: (repeats) => Math.min(8000, 250 * 2 ** repeats),
    now: server.now,
    wait: server.wait,
    nextFire,
    awaitedFires,
    punctuality: () => 'unknown',
    stopped: server.stopped,
    counts: () => ({ reads: 0, writes: 0, retries: 0 }),
  });
}

/** Every planned step is in the result, in the order of the plan. */
function holdResult({ plan, result }: Ran): void {
  const planned = plan.changes.flatMap((change) => change.steps.map((step) => [nameOf(change, step), step]));
  expect(
    result.steps.map(({ name, step }) => [name, step]),
    'every planned step is in the result',
  ).toStrictEqual(planned);
}

/** Each step ends in one of the known ways; what failed says why, and what was not run has something before it that tells why. */
function holdReasons({ one, plan, result, journal }: Ran): void {
  const isStopped = journal.some(({ kind }) => kind === 'stop');
  for (const [change, steps] of stepsOf(plan, result)) {
    for (const { name, step, outcome, failure, notKept = [], note } of steps) {
      const what = `${step.kind} of ${name} is ${outcome}`;
      expect(outcomes, what).toContain(outcome);
      if (outcome !== 'failed') continue;
      expect(
        failure !== undefined || notKept.length > 0 || note !== undefined,
        `${what}, with a reason`,
      ).toBe(true);
      if (failure !== undefined) expect(failure.operation, `${what}, by a request`).toBeTypeOf('string');
    }
    if (isStopped || one.failFast || change.kind === 'delete') continue;
    const last = steps.findIndex(({ outcome }) => outcome === 'not-run');
    if (last < 0) continue;
    expect(
      steps.slice(0, last).some(({ outcome }) => outcome !== 'done' && outcome !== 'already'),
      `${change.name} broke off for a reason`,
    ).toBe(true);
  }
}

const outcomes: readonly StepResult['outcome'][] = [
  'done',
  'failed',
  'already',
  'stale',
  'overwritten',
  'lost',
  'not-run',
];

/** What is said to be overwritten or lost was touched by another hand since this run began. */
function holdContradictions({ result, journal }: Ran): void {
  for (const { name, step, outcome } of result.steps)
    if (outcome === 'overwritten' || outcome === 'lost')
      expect(
        journal.some((entry) => entry.kind === 'hand' && entry.name === name),
        `${step.kind} of ${name} is ${outcome} by another hand`,
      ).toBe(true);
}

const writesOf: { readonly [K in Step['kind']]: readonly WriteKind[] } = {
  save: ['save'],
  pause: ['pause'],
  resume: ['resume'],
  tag: ['put tags', 'delete tags'],
  untag: ['delete tags'],
  delete: ['delete'],
};

/** Nothing is written that the plan does not name. */
function holdNames({ plan, journal }: Ran): void {
  const allowed = new Set(
    plan.changes.flatMap((change) =>
      change.steps.flatMap((step) => writesOf[step.kind].map((what) => `${what} ${nameOf(change, step)}`)),
    ),
  );
  for (const { what, name } of writesIn(journal))
    expect(allowed.has(`${what} ${name}`), `the plan names: ${what} ${name}`).toBe(true);
}

function writesIn(journal: readonly Entry[]): readonly Write[] {
  return journal.filter((entry) => entry.kind === 'write');
}

/** A schedule as this run has seen it last before an entry: by a GET, a list or the answer of its own save. */
function seenBefore(journal: readonly Entry[], index: number, name: string): Stored | undefined {
  for (let at = index - 1; at >= 0; at -= 1) {
    const entry = journal[at];
    if (entry?.kind === 'read' && (entry.what === 'list' || (entry.what === 'get' && entry.name === name)))
      return entry.seen.get(name);
    if (entry?.kind === 'write' && entry.name === name && entry.shows) return entry.after;
  }
  return undefined;
}

/** The body of each save is what was read just before with what the plan sets and unsets, to the last unknown field. */
function holdBodies({ plan, journal }: Ran): void {
  journal.forEach((entry, index) => {
    if (entry.kind !== 'write' || entry.body === undefined) return;
    const change = plan.changes.find(
      (one) => one.name === entry.name && one.steps.some(({ kind }) => kind === 'save'),
    );
    const known = seenBefore(journal, index, entry.name);
    const possible = (change?.steps ?? []).flatMap((step): readonly string[] => {
      if (step.kind !== 'save') return [];
      if (step.mode === 'create') return [wire(step.schedule as unknown as JsonObject)];
      const from = step.mode === 'copy' ? seenBefore(journal, index, step.from) : known;
      if (from === undefined) return [];
      const base: JsonObject = step.mode === 'copy' ? { ...from.body, name: entry.name } : from.body;
      return [wire(changed(base, step.set, step.unset))];
    });
    if (known !== undefined) possible.push(wire(known.body));
    expect(possible, `what a save of ${entry.name} sends`).toContain(wire(entry.body));
  });
}

/** A body in the one form of what is sent: normal, without what only the server sets, with every unknown field. */
function wire(body: JsonObject): string {
  const { schedule, carried, carriedInRequest } = normalize(body);
  return canonicalJson({
    ...carried,
    ...(schedule as unknown as JsonObject),
    startWorkflowRequest: {
      ...carriedInRequest,
      ...(schedule.startWorkflowRequest as unknown as JsonObject),
    },
  });
}

function changed(
  body: JsonObject,
  set: readonly { readonly path: readonly string[]; readonly value: Json }[],
  unset: readonly (readonly string[])[],
): JsonObject {
  const copy = structuredClone(body) as { [key: string]: Json };
  const parentOf = (path: readonly string[]): { [key: string]: Json } => {
    let at = copy;
    for (const key of path.slice(0, -1)) {
      if (!isObject(at[key])) at[key] = {};
      at = at[key] as { [key: string]: Json };
    }
    return at;
  };
  for (const { path, value } of set) parentOf(path)[path.at(-1) ?? ''] = value;
  for (const path of unset) delete parentOf(path)[path.at(-1) ?? ''];
  return copy;
}

/** Each write rests on a read of what it changes, and that read shows what the plan saw, or what the plan wants. */
function holdHands({ one, plan, planned, journal }: Ran): void {
  const ours = new Map<string, Set<string>>();
  const pauses = new Map<string, Set<string>>();
  journal.forEach((entry, index) => {
    if (entry.kind !== 'write') return;
    const { name, what } = entry;
    const isTags = what === 'put tags' || what === 'delete tags';
    const place = `${what} of ${name}`;
    const change = plan.changes.find((each) =>
      each.steps.some((step) => nameOf(each, step) === name && writesOf[step.kind].includes(what)),
    );
    if (change === undefined) throw new Error(`no change for ${place}`);
    const last = lastRead(journal, index, name, isTags ? ['tags'] : ['get']);
    expect(last, `${place} rests on a read after the last write`).toBeDefined();
    if (last === undefined) return;
    const seen = last.get(name);
    const known = ours.get(name) ?? new Set();
    ours.set(name, known);
    if (isTags) {
      holdTagsSeen(change, planned.get(name), seen, place);
      return;
    }
    const tagged = what === 'delete' && one.kind.tags;
    const states = [planned.get(name), ...wantedStates(change, name, planned)].map((state) =>
      content(state, tagged),
    );
    // The end of a rename concerns its own pause alone: what others changed besides stays, and is fired again.
    const ends =
      change.kind === 'rename' &&
      name === change.name &&
      what !== 'delete' &&
      isBegun(change, journal, index);
    if (ends && (pauses.get(name)?.has(pauseIn(seen)) || pauseIn(seen) === pauseIn(planned.get(name))))
      return;
    if (!known.has(content(seen, tagged)))
      expect(
        [...states, ...(isWanted(change, name, seen, one.kind) ? [content(seen, tagged)] : [])],
        `${place} rests on what the plan saw`,
      ).toContain(content(seen, tagged));
    if (change.kind === 'rename' && what === 'delete' && name !== change.name)
      holdNewSide(change, journal, index, one.kind);
    if (entry.took) {
      known.add(content(entry.after, tagged));
      pauses.set(name, (pauses.get(name) ?? new Set()).add(pauseIn(entry.after)));
      if (what === 'save' && entry.body !== undefined)
        known.add(content({ body: entry.body, tags: seen?.tags ?? [], timer: true }, tagged));
    }
  });
}

/** A create that overwrote an older one, and whose answer shows that, is not done: whoever made it may call it done. */
function holdNewNames({ plan, result, journal }: Ran): void {
  const created = new Set<string>();
  for (const { what, name, before, after, shows, took } of writesIn(journal)) {
    if (what !== 'save') continue;
    const isFirst = !created.has(name);
    created.add(name);
    if (!isFirst || !shows || !took || before === undefined) continue;
    const age = Number(after?.body.updatedTime) - Number(before.body.createTime);
    if (age <= settlingTime) continue;
    const change = plan.changes.find((one) => one.name === name);
    const [begin] = change?.steps ?? [];
    if (begin?.kind !== 'save' || begin.mode === 'update') continue;
    const end = result.steps.find((one) => one.step === begin);
    expect(end?.outcome, `a create of ${name} that overwrote another`).not.toBe('done');
  }
}

/** What the last read since the last write of ours of the name saw; an answer of a save that shows it counts. */
function lastRead(
  journal: readonly Entry[],
  index: number,
  name: string,
  kinds: readonly string[],
): ReadonlyMap<string, Stored> | undefined {
  for (let at = index - 1; at >= 0; at -= 1) {
    const entry = journal[at];
    if (entry?.kind === 'read' && entry.name === name && kinds.includes(entry.what)) return entry.seen;
    if (entry?.kind === 'write' && entry.name === name) return undefined;
  }
  return undefined;
}

function content(stored: Stored | undefined, withTags: boolean): string {
  if (stored === undefined) return 'none';
  const { schedule } = normalize(stored.body);
  return canonicalJson({
    schedule: schedule as unknown as JsonObject,
    ...(withTags ? { tags: stored.tags as unknown as Json } : {}),
  });
}

/** A part of the rename has been written. */
function isBegun({ name, previous }: Rename, journal: readonly Entry[], index: number): boolean {
  const names = new Set([name, ...previous.map((old) => old.name)]);
  return writesIn(journal.slice(0, index)).some((write) => names.has(write.name));
}

function pauseIn(stored: Stored | undefined): string {
  const { paused, pausedReason = null } = stored?.body ?? {};
  return canonicalJson([paused === true, pausedReason]);
}

/** What an earlier run of the same plan may have left. */
function wantedStates(
  change: Change,
  name: string,
  planned: ReadonlyMap<string, Stored>,
): readonly (Stored | undefined)[] {
  const before = planned.get(name);
  return change.steps.flatMap((step) => {
    if (step.kind === 'save' && step.mode === 'update' && before !== undefined)
      return [{ ...before, body: changed(before.body, step.set, step.unset) }];
    return [];
  });
}

/** All that the change wants of the schedule's content is there already, whoever did it. */
function isWanted(change: Change, name: string, seen: Stored | undefined, kind: ServerKind): boolean {
  if (seen === undefined) return false;
  return change.steps.some(
    (step) => nameOf(change, step) === name && step.kind !== 'delete' && holdsOf(step, seen, kind),
  );
}

function holdTagsSeen(
  change: Change,
  before: Stored | undefined,
  seen: Stored | undefined,
  place: string,
): void {
  const has = (tags: readonly Tag[], { key, value }: Tag): boolean =>
    tags.some((tag) => tag.key === key && tag.value === value);
  const sources = change.kind === 'rename' ? [] : (before?.tags ?? []);
  const wanted = change.steps.flatMap((step) => (step.kind === 'tag' ? step.tags : []));
  if (change.kind === 'create' || change.kind === 'rename') return;
  const strange = (seen?.tags ?? []).filter((tag) => !has(sources, tag) && !has(wanted, tag));
  expect(strange, `${place}: the tags are the plan's`).toStrictEqual([]);
}

/** The old one of a rename is deleted only while the new one is as it was saved. */
function holdNewSide(change: Rename, journal: readonly Entry[], index: number, kind: ServerKind): void {
  const read = journal.findLastIndex(
    (entry, at) => at < index && entry.kind === 'read' && entry.what === 'get' && entry.name === change.name,
  );
  const names = new Set([change.name, ...change.previous.map(({ name }) => name)]);
  const write = journal.findLastIndex(
    (entry, at) => at < index && entry.kind === 'write' && names.has(entry.name),
  );
  expect(read, `the delete of an old name of ${change.name} rests on a look at it`).toBeGreaterThan(write);
  const entry = journal[read];
  const now = entry?.kind === 'read' ? entry.seen.get(change.name) : undefined;
  expect(now, `${change.name} is there when an old one goes`).toBeDefined();
  const save = writesIn(journal.slice(0, index)).findLast(
    ({ what, name, body }) => what === 'save' && name === change.name && body !== undefined,
  );
  if (save?.body !== undefined && now !== undefined)
    expect(same(now.body, save.body, kind), `${change.name} is as it was saved when an old one goes`).toBe(
      true,
    );
}

/** Equal but for what servers fill into an inline workflow, and for the reason of a pause where they keep none. */
function same(now: JsonObject, wanted: JsonObject, kind: ServerKind): boolean {
  const [a, b] = [normalize(withReasonOf(wanted, now, kind)).schedule, normalize(wanted).schedule];
  const { workflowDef: stored, ...rest } = a.startWorkflowRequest;
  const { workflowDef: written, ...other } = b.startWorkflowRequest;
  const equal = (x: unknown, y: unknown): boolean => canonicalJson(x as Json) === canonicalJson(y as Json);
  return (
    equal({ ...a, startWorkflowRequest: rest }, { ...b, startWorkflowRequest: other }) &&
    (stored === undefined) === (written === undefined) &&
    contains(stored, written, 'kind')
  );
}

function withReasonOf(wanted: JsonObject, now: JsonObject, { keepsReason }: ServerKind): JsonObject {
  const { pausedReason } = wanted;
  const isLost = !keepsReason && now.paused === true && now.pausedReason === undefined;
  return isLost && pausedReason !== undefined ? { ...now, pausedReason } : now;
}

/** Whether a schedule is as a step leaves it. */
function holdsOf(step: Step, stored: Stored | undefined, kind: ServerKind): boolean {
  if (step.kind === 'delete') return stored === undefined;
  if (stored === undefined) return false;
  const has = ({ key, value }: Tag): boolean =>
    stored.tags.some((tag) => tag.key === key && tag.value === value);
  switch (step.kind) {
    case 'pause':
      return (
        stored.body.paused === true &&
        (step.reason === undefined ||
          withReasonOf({ pausedReason: step.reason }, stored.body, kind).pausedReason === step.reason)
      );
    case 'resume':
      return stored.body.paused !== true;
    case 'tag':
      return step.tags.every(has) && stored.tags.length === step.tags.length;
    case 'untag':
      return !step.tags.some(has);
    case 'save':
      return step.mode === 'create'
        ? same(stored.body, step.schedule as unknown as JsonObject, kind)
        : same(stored.body, changed(stored.body, step.set, step.unset), kind);
  }
}

/** The steps of a change that are said to be so, each without those that a later one of it writes over. */
function claimsOf(change: Change, steps: readonly StepResult[]): readonly StepResult[] {
  const isContent = ({ step }: StepResult): boolean => step.kind === 'save' || step.kind === 'resume';
  const wasSent = ({ outcome }: StepResult): boolean => outcome !== 'not-run' && outcome !== 'stale';
  const last = steps.findLast((one) => isContent(one) && wasSent(one));
  const said = steps.filter(({ outcome }) => outcome === 'done' || outcome === 'already');
  if (change.kind !== 'rename') return said;
  return said.filter((one) => !isContent(one) || one === last || isCopyBefore(one, last));
}

/** A resume leaves everything else of the new schedule as it was saved. */
function isCopyBefore({ step }: StepResult, last: StepResult | undefined): boolean {
  return (
    step.kind === 'save' && step.mode === 'copy' && last?.step.kind === 'resume' && last.outcome === 'done'
  );
}

/** What is called done or already is so at the server. */
function holdClaims(ran: Ran): void {
  const { plan, result, journal } = ran;
  for (const [change, steps] of stepsOf(plan, result)) {
    const resumed = steps.some(({ step, outcome }) => step.kind === 'resume' && outcome === 'done');
    for (const { name, step, outcome, note } of claimsOf(change, steps)) {
      let now = evidence(ran, name, step);
      // Tags of a schedule that is gone: only the closing look tells that from one that has none.
      if (step.kind === 'untag' && now === undefined && result.closingLook.outcome !== 'done') continue;
      const what = `${step.kind} of ${name} is said to be ${outcome}`;
      if (step.kind === 'save' && step.mode === 'copy') {
        const save = writesIn(journal).findLast(
          (one) => one.what === 'save' && one.name === name && one.took,
        );
        const wanted = save?.body ?? {};
        // Stopped before the closing look, the result says that nothing was looked at again.
        const isLast = result.closingLook.outcome === 'not-run';
        if (isLast) now = save?.after;
        const body =
          resumed && !isLast
            ? objectOf(Object.entries({ ...wanted, paused: false }).filter(([key]) => key !== 'pausedReason'))
            : wanted;
        expect(now !== undefined && same(now.body, body, ran.one.kind), what).toBe(true);
      } else {
        // Where it is not known whether a server keeps reasons, a pause by somebody else counts, if that is said.
        const isSaid = outcome === 'already' && /without the reason/.test(note ?? '');
        const kind = isSaid ? { ...ran.one.kind, keepsReason: false } : ran.one.kind;
        expect(holdsOf(step, now, kind), what).toBe(true);
        if (!holdsOf(step, now, { ...ran.one.kind, keepsReason: true }))
          expect(note, `${what}, and the reason is lost`).toMatch(/reason/);
      }
      if (step.kind === 'save' && outcome === 'done') holdCarried(journal, name, now);
    }
  }
}

function stepsOf(plan: Plan, result: ApplyResult): readonly (readonly [Change, readonly StepResult[]])[] {
  let from = 0;
  return plan.changes.map((change) => {
    const steps = result.steps.slice(from, from + change.steps.length);
    from += change.steps.length;
    return [change, steps];
  });
}

/** The schedule, or its tags, as the run's last request about them left or saw them. */
function evidence({ journal, final }: Ran, name: string, step: Step): Stored | undefined {
  const isTags = step.kind === 'tag' || step.kind === 'untag';
  const entry = journal.findLast(
    (one) =>
      (one.kind === 'read' &&
        (one.what === 'list' || (one.name === name && one.what === (isTags ? 'tags' : 'get')))) ||
      (one.kind === 'write' && one.name === name && one.what.endsWith('tags') === isTags),
  );
  if (entry?.kind === 'read') return entry.seen.get(name);
  return entry?.kind === 'write' ? entry.after : final.get(name);
}

const known = new Set([...scheduleFields, ...serverFields]);

/** A save that is done kept every field that Downbeat does not know. */
function holdCarried(journal: readonly Entry[], name: string, now: Stored | undefined): void {
  const save = writesIn(journal).findLast((one) => one.what === 'save' && one.name === name && one.took);
  if (save?.body === undefined || now === undefined) return;
  const unknownIn = (body: JsonObject): readonly string[] => [
    ...Object.keys(body).filter((key) => !known.has(key)),
    ...Object.keys(body.startWorkflowRequest as JsonObject)
      .filter((key) => !requestFields.includes(key))
      .map((key) => `startWorkflowRequest.${key}`),
  ];
  expect(unknownIn(now.body), `the unknown fields of ${name} after a save that is done`).toStrictEqual(
    expect.arrayContaining([...unknownIn(save.body)]),
  );
}

/** What is said to have had no effect had none, or another hand had undone it before it could be seen. */
function holdEffects({ plan, result, journal }: Ran): void {
  for (const [, steps] of stepsOf(plan, result))
    for (const { name, step, outcome, failure } of steps) {
      const none =
        outcome === 'stale' ||
        outcome === 'not-run' ||
        outcome === 'already' ||
        (outcome === 'failed' && failure?.effect === 'none' && step.kind !== 'tag');
      if (!none) continue;
      // A rename saves its new side twice.
      if (step.kind === 'save' && steps.filter((one) => one.step.kind === 'save').length > 1) continue;
      const took = writesIn(journal).filter(
        (one) =>
          one.name === name &&
          !isUndone(one, journal) &&
          one.took &&
          writesOf[step.kind].includes(one.what) &&
          content(one.before, true) !== content(one.after, true),
      );
      expect(took, `${step.kind} of ${name} is ${outcome}, without effect`).toStrictEqual([]);
    }
}

/** The next that happens to its schedule, but for looks at others, is another hand. */
function isUndone(write: Write, journal: readonly Entry[]): boolean {
  const next = journal
    .slice(journal.indexOf(write) + 1)
    .find((entry) => 'name' in entry && entry.name === write.name);
  return next?.kind === 'hand';
}

/** A schedule that looks active and never fires is not called done. */
function holdTimers({ plan, result, final }: Ran): void {
  for (const [change, steps] of stepsOf(plan, result))
    for (const { name, step } of claimsOf(change, steps)) {
      if (step.kind !== 'save') continue;
      const now = final.get(name);
      if (now === undefined || now.body.paused === true) continue;
      expect(now.timer, `${name} is said to be saved, and fires`).toBe(true);
    }
}

/** After a stop nothing more is written. */
function holdStop({ journal }: Ran): void {
  const late = writesIn(journal).filter((one) => one.late);
  expect(
    late.map(({ what, name }) => `${what} ${name}`),
    'after a stop nothing is written',
  ).toStrictEqual([]);
}

/** Between two attempts at one write there is a wait, and each is longer than the one before. */
function holdWaits({ one, journal }: Ran): void {
  if (one.parallelism > 1) return;
  const waits = new Map<string, number>();
  let waited = 0;
  let last: Write | undefined;
  for (const entry of journal) {
    if (entry.kind === 'wait') waited = Math.max(waited, entry.ms);
    if (entry.kind !== 'write') continue;
    const key = `${entry.what} ${entry.name}`;
    const isAgain = last !== undefined && last.answer === 'failed' && `${last.what} ${last.name}` === key;
    if (isAgain) {
      expect(waited, `a wait before the next ${key}`).toBeGreaterThan(waits.get(key) ?? 0);
      waits.set(key, waited);
    } else waits.delete(key);
    waited = 0;
    last = entry;
  }
}

/** What this run created is marked as ours, or the result says why it is not. */
function holdMarks(ran: Ran): void {
  const { one, plan, result, journal } = ran;
  if (!one.kind.tags || journal.some(({ kind }) => kind === 'stop')) return;
  for (const [change, steps] of stepsOf(plan, result)) {
    const save = steps.find(({ step }) => step.kind === 'save');
    const tag = steps.find(({ step }) => step.kind === 'tag');
    if (change.kind !== 'create' || save === undefined || tag === undefined) continue;
    const isGone = evidence(ran, change.name, save.step) === undefined;
    if (save.outcome === 'done' || (save.notKept !== undefined && !isGone))
      expect(tag.outcome, `the marker of ${change.name}`).not.toBe('not-run');
  }
}

/** Where nobody else did anything and nothing went wrong, all of the plan is done, and another one finds nothing to do. */
function holdQuiet({ one, result }: Ran, again: Plan): void {
  if (one.history.length > 0 || one.happenings.length > 0) return;
  if (one.items.some(({ role }) => role === 'hidden')) return;
  const open = result.steps.filter(({ outcome }) => outcome !== 'done');
  expect(open, 'all of the plan is done').toStrictEqual([]);
  expect(
    again.changes.filter(({ kind }) => kind !== 'leave'),
    'nothing is left to do',
  ).toStrictEqual([]);
}

/** After writes the list is read once more, unless the run was stopped. */
function holdLook({ result, journal }: Ran): void {
  const wrote = writesIn(journal).length > 0;
  if (!wrote) expect(result.closingLook.outcome, 'nothing was written').toBe('not-needed');
  else if (!journal.some(({ kind }) => kind === 'stop'))
    expect(['done', 'failed'], 'there is a closing look').toContain(result.closingLook.outcome);
}

/** A fire that a write has cost is listed; where nothing else happens, none is, however late the server starts them. */
function holdFires({ one, plan, result, server }: Ran): void {
  const lost = server.lost().map(({ name, at }) => {
    const change = plan.changes.find((each) => each.steps.some((step) => nameOf(each, step) === name));
    return { name: change?.name ?? name, at };
  });
  for (const fire of lost)
    expect(result.possiblyMissed, 'a fire that a write has cost is listed').toContainEqual(fire);
  if (one.happenings.length === 0) expect(lost, 'no fire is lost').toStrictEqual([]);
}
