import fc from 'fast-check';
import { defaultLimits } from '../../../src/model/config.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { type Marker, markedDescription, markerTags } from '../../../src/model/marks/marker.ts';
import { inRenaming } from '../../../src/model/marks/renaming.ts';
import { normalize } from '../../../src/model/normal.ts';
import { openPolicy, type Policy } from '../../../src/model/run-policy.ts';
import { type DesiredSchedule, type PauseWish, type Tag, tagSet } from '../../../src/model/schedule.ts';
import { desiredOf } from '../../support/schedules.ts';
import type { Fault, Hand, Happening, ServerKind, Stored } from './server.ts';

/** What one manifest or schedule is to a plan. */
type Role =
  | 'create'
  /** A create whose name is taken by a schedule that the key may not see. */
  | 'hidden'
  | 'update'
  | 'unmarked'
  | 'orphan'
  | 'bystander'
  | 'foreign'
  /** Only the old name is there. */
  | 'rename'
  /** Both names are there, the new one is ours already. */
  | 'rename both'
  /** A rename that broke off before the old one was deleted. */
  | 'rename broken off'
  /** A rename that broke off after that. */
  | 'rename half done';

export interface Item {
  readonly role: Role;
  /** What the server has and what the manifest says, part by part. */
  readonly paused: boolean;
  readonly reason: string | undefined;
  readonly wish: PauseWish | undefined;
  readonly description: 'same' | 'new' | 'none';
  readonly cron: boolean;
  readonly input: 'same' | 'changed' | 'less' | 'more';
  readonly def: 'none' | 'removed' | 'added' | 'changed' | 'same';
  readonly tagsBefore: readonly Tag[];
  readonly tags: readonly Tag[] | undefined;
  readonly sensitive: boolean;
}

export interface ModelCase {
  readonly kind: ServerKind;
  readonly items: readonly Item[];
  /** What others did between the plan and its apply: by the index of the item and of one of its names. */
  readonly history: readonly HandOn[];
  readonly happenings: readonly { readonly at: number; readonly what: SomethingOn }[];
  /** The plan went through a file. */
  readonly saved: boolean;
  readonly parallelism: number;
  readonly failFast: boolean;
  readonly maxRetries: number;
  /** After the stop nothing is read either, as with the real client. */
  readonly deaf: boolean;
  /** Milliseconds after the full two minutes at which it begins; every schedule fires 30 s after one. */
  readonly clock: number;
  /** How late the server starts fires, in milliseconds. */
  readonly lateness: number;
}

/** A hand on the name of that number, modulo how many there are. */
export interface HandOn {
  readonly kind: Hand['kind'];
  readonly which: number;
  readonly edit: { readonly edit: JsonObject; readonly inRequest: JsonObject };
  readonly reason: string | undefined;
  readonly tags: readonly Tag[];
}

export type SomethingOn =
  | { readonly kind: 'hand'; readonly hand: HandOn }
  | { readonly kind: 'rival'; readonly hand: HandOn }
  | Exclude<Happening, { readonly hand: Hand }>;

const team = (value: string): Tag => ({ key: 'team', value });
const env: Tag = { key: 'env', value: 'prod' };

export const us = 'us';
export const policy: Policy = {
  ...openPolicy,
  owner: us,
  prune: true,
  adopt: 'all',
  limits: { ...defaultLimits, deletes: { kind: 'none' }, updates: { kind: 'none' } },
};

const anItem: fc.Arbitrary<Item> = fc.record({
  role: fc.constantFrom<Role[]>(
    'update',
    'create',
    'rename',
    'update',
    'rename both',
    'orphan',
    'unmarked',
    'bystander',
    'foreign',
    'rename broken off',
    'rename half done',
    'hidden',
  ),
  paused: fc.boolean(),
  reason: fc.constantFrom(undefined, 'INC-1', 'why'),
  wish: fc.constantFrom<(PauseWish | undefined)[]>(
    undefined,
    { paused: false },
    { paused: true },
    { paused: true, reason: 'why' },
  ),
  description: fc.constantFrom<Item['description'][]>('same', 'new', 'none'),
  cron: fc.boolean(),
  input: fc.constantFrom<Item['input'][]>('same', 'changed', 'less', 'more'),
  def: fc.constantFrom<Item['def'][]>('none', 'removed', 'added', 'changed', 'same'),
  tagsBefore: fc.constantFrom<(readonly Tag[])[]>([], [team('a')], [team('a'), env]),
  tags: fc.constantFrom<(readonly Tag[] | undefined)[]>(
    undefined,
    [],
    [team('a')],
    [team('b')],
    [team('b'), env],
  ),
  sensitive: fc.boolean(),
});

/** Some manifests ask for nothing but a pause or a resume. */
const anItemOrSwitch: fc.Arbitrary<Item> = fc.oneof(
  { weight: 3, arbitrary: anItem },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        anItem,
        fc.constantFrom<Role[]>('update', 'update', 'rename both'),
        fc.constantFrom<PauseWish[]>({ paused: true, reason: 'why' }, { paused: true }, { paused: false }),
      )
      .map(([item, role, wish]) => ({
        ...item,
        role,
        description: 'same' as const,
        cron: false,
        input: 'same' as const,
        def: 'none' as const,
        paused: !wish.paused,
        wish,
      })),
  },
);

const handKinds = ['edit', 'delete', 'create', 'pause', 'pause', 'resume', 'tags'] as const;
const edits: readonly { readonly edit: JsonObject; readonly inRequest: JsonObject }[] = [
  { edit: { description: 'by another hand' }, inRequest: {} },
  { edit: { cronExpression: '0 0 1 1 * ?' }, inRequest: {} },
  { edit: { xTop: 'by another hand' }, inRequest: {} },
  { edit: {}, inRequest: { xInRequest: 'by another hand' } },
  { edit: {}, inRequest: { input: { theirs: 1 } } },
  { edit: {}, inRequest: { workflowDef: { name: 'theirs', tasks: [] } } },
  { edit: {}, inRequest: {} },
];

const aHand: fc.Arbitrary<HandOn> = fc.record({
  kind: fc.constantFrom(...handKinds),
  which: fc.nat(20),
  edit: fc.constantFrom(...edits),
  reason: fc.constantFrom(undefined, 'INC-9', 'why'),
  tags: fc.constantFrom<(readonly Tag[])[]>([team('theirs')], [team('a')], []),
});

export function handOf({ kind, which, edit, reason, tags }: HandOn, names: readonly string[]): Hand {
  const name = names[which % names.length] ?? 'nobody';
  if (kind === 'edit') return { kind, name, ...edit };
  if (kind === 'pause') return { kind, name, ...(reason === undefined ? {} : { reason }) };
  if (kind === 'tags') return { kind, name, tags };
  if (kind === 'create') return { kind, name, tags, body: theirs(name) };
  return { kind, name };
}

/** What another hand creates. */
export function theirs(name: string): JsonObject {
  return { ...bodyOf(name), description: 'theirs' };
}

const aFault: fc.Arbitrary<Fault> = fc.oneof(
  fc.constantFrom<Fault[]>('before', 'after', 'unavailable', 'broken', 'broken after', 'killed', 'refused'),
  fc
    .constantFrom(
      'description',
      'xTop',
      'request.xInRequest',
      'request.workflowDef',
      'request.input',
      'keeps workflowDef',
      'pausedReason',
      'paused',
      'tags',
    )
    .map((drop): Fault => ({ drops: [drop] })),
);

const something: fc.Arbitrary<SomethingOn> = fc.oneof(
  { weight: 3, arbitrary: aHand.map((hand): SomethingOn => ({ kind: 'hand', hand })) },
  { weight: 2, arbitrary: aHand.map((hand): SomethingOn => ({ kind: 'rival', hand })) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('fault' as const),
      on: fc.constantFrom<('read' | 'write')[]>('write', 'write', 'write', 'read'),
      fault: aFault,
      times: fc.integer({ min: 1, max: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant<SomethingOn>({ kind: 'stop' }) },
);

/** Something, and in a half of the cases another hand: right after it, or on the schedule that is written next. */
const happening = fc
  // Most runs are short, and what comes after their last request is nothing.
  .tuple(
    fc.oneof(fc.nat(8), fc.nat(24)),
    something,
    fc.option(fc.tuple(fc.constantFrom('hand' as const, 'rival' as const), aHand), {
      freq: 1,
      nil: undefined,
    }),
  )
  .map(([at, what, other]): ModelCase['happenings'] => {
    if (other === undefined) return [{ at, what }];
    const [kind, hand] = other;
    return [
      { at, what },
      { at: kind === 'rival' ? at : at + 1, what: { kind, hand } },
    ];
  });

const oss: ServerKind = {
  tags: false,
  tagsInList: false,
  keepsReason: true,
  tellsOfReason: true,
  answersSaves: true,
  refusesTaken: false,
  pausesAgain: true,
  putTags: 'replace',
};
const orkes: ServerKind = {
  tags: true,
  tagsInList: true,
  keepsReason: true,
  tellsOfReason: true,
  answersSaves: false,
  refusesTaken: true,
  pausesAgain: false,
  putTags: 'upsert',
};

export const aModelCase: fc.Arbitrary<ModelCase> = fc.record({
  kind: fc.constantFrom<ServerKind[]>(
    oss,
    orkes,
    { ...orkes, putTags: 'append' },
    { ...orkes, putTags: 'replace', keepsReason: false },
    { ...orkes, tagsInList: false, refusesTaken: false, keepsReason: false },
    { ...orkes, tellsOfReason: false },
    { ...orkes, tellsOfReason: false, keepsReason: false },
    { ...oss, answersSaves: false },
  ),
  items: fc.oneof(
    anItemOrSwitch.map((item) => [item]),
    fc.array(anItemOrSwitch, { minLength: 1, maxLength: 4 }),
  ),
  history: fc.oneof(
    { weight: 2, arbitrary: fc.constant<readonly HandOn[]>([]) },
    { weight: 1, arbitrary: fc.array(aHand, { minLength: 1, maxLength: 2 }) },
  ),
  happenings: fc.array(happening, { maxLength: 3 }).map((all) => all.flat()),
  saved: fc.boolean(),
  parallelism: fc.constantFrom(1, 1, 3),
  failFast: fc.boolean(),
  maxRetries: fc.integer({ min: 0, max: 3 }),
  deaf: fc.boolean(),
  clock: fc.constantFrom(0, 0, 29_200, 29_900, 30_050, 45_000, 119_000),
  lateness: fc.constantFrom(100, 100, 1300, 95_000),
});

export const newName = (index: number): string => `new-${index}`;
export const oldName = (index: number): string => `old-${index}`;

function bodyOf(name: string): JsonObject {
  return {
    name,
    cronExpression: '0 0 3 * * ?',
    zoneId: 'UTC',
    paused: false,
    runCatchupScheduleInstances: false,
    // Fields of a server newer than Downbeat.
    xTop: { big: 12345678901234567890n, list: [1, null, { a: '' }] },
    startWorkflowRequest: {
      name: 'wf',
      priority: 0,
      taskToDomain: {},
      input: { size: 1, kept: 'a' },
      xInRequest: [{ b: 0 }],
    },
  };
}

const defBefore: JsonObject = { name: 'inline', tasks: [{ type: 'SIMPLE' }], timeoutSeconds: 0 };

/** The schedule as the server has it before. */
function stored(name: string, item: Item, kind: ServerKind, owner: string | undefined): Stored {
  const body = bodyOf(name);
  const marker: Marker | undefined = owner === undefined ? undefined : { owner, protected: false };
  const text = item.description === 'same' || item.description === 'none' ? 'as it was' : undefined;
  const description = marker && !kind.tags ? markedDescription(name, text, marker) : text;
  const def = item.def === 'none' || item.def === 'added' ? {} : { workflowDef: defBefore };
  return {
    body: {
      ...body,
      ...(description === undefined ? {} : { description }),
      paused: item.paused,
      ...(item.paused && kind.keepsReason && item.reason !== undefined ? { pausedReason: item.reason } : {}),
      startWorkflowRequest: { ...(body.startWorkflowRequest as JsonObject), ...def },
      createTime: 1,
      updatedTime: 1,
    },
    tags: kind.tags
      ? tagSet([...item.tagsBefore, ...(marker === undefined ? [] : markerTags(name, marker))])
      : [],
    timer: true,
  };
}

function manifest(name: string, item: Item, previousNames: readonly string[]): DesiredSchedule {
  const { xTop: _top, startWorkflowRequest, ...body } = bodyOf(name);
  const { xInRequest: _request, ...request } = startWorkflowRequest as JsonObject;
  const inputs: { readonly [K in Item['input']]: JsonObject } = {
    same: { size: 1, kept: 'a' },
    changed: { size: 2, kept: 'a' },
    less: { kept: 'a' },
    more: { size: 1, kept: 'a', more: { b: [] } },
  };
  const defs: { readonly [D in Item['def']]: JsonObject } = {
    none: {},
    removed: {},
    added: { workflowDef: { name: 'inline' } },
    changed: { workflowDef: { name: 'inline', tasks: [] } },
    same: { workflowDef: { name: 'inline' } },
  };
  const raw: JsonObject = {
    ...body,
    ...(item.description === 'none' ? {} : { description: item.description === 'new' ? 'new' : 'as it was' }),
    ...(item.cron ? { cronExpression: '0 0 4 * * ?' } : {}),
    startWorkflowRequest: { ...request, input: inputs[item.input], ...defs[item.def] },
  };
  const plain = desiredOf(normalize(raw).schedule, {
    ...(item.wish === undefined ? {} : { pause: item.wish }),
    ...(item.tags === undefined ? {} : { tags: item.tags }),
  });
  return {
    ...plain,
    lifecycle: {
      ...plain.lifecycle,
      previousNames,
      sensitive: item.sensitive ? [['startWorkflowRequest', 'input', 'size']] : [],
    },
  };
}

/** The world of a case before its plan is made. */
export function worldOfCase({ kind, items }: ModelCase): {
  readonly contents: ReadonlyMap<string, Stored>;
  readonly desired: readonly DesiredSchedule[];
} {
  const contents = new Map<string, Stored>();
  const desired: DesiredSchedule[] = [];
  for (const [index, item] of items.entries()) {
    const [name, old] = [newName(index), oldName(index)];
    for (const [at, one] of placed(item, name, old, kind)) contents.set(at, one);
    if (item.role === 'orphan' || item.role === 'bystander') continue;
    desired.push(manifest(name, item, item.role.startsWith('rename') ? [old] : []));
  }
  return { contents, desired };
}

/** What the server has of an item, under which names. */
function placed(
  item: Item,
  name: string,
  old: string,
  kind: ServerKind,
): readonly (readonly [string, Stored])[] {
  const as = (at: string, owner: string | undefined): readonly [string, Stored] => [
    at,
    stored(at, item, kind, owner),
  ];
  switch (item.role) {
    case 'create':
      return [];
    case 'hidden':
      return kind.refusesTaken ? [[name, { ...stored(name, item, kind, undefined), hidden: true }]] : [];
    case 'update':
    case 'orphan':
      return [as(name, us)];
    case 'unmarked':
    case 'bystander':
      return [as(name, undefined)];
    case 'foreign':
      return [as(name, 'them')];
    case 'rename':
      return [as(old, us)];
    case 'rename both':
      return [as(old, us), as(name, us)];
    case 'rename broken off':
      return [as(old, us), [name, waiting(stored(name, item, kind, us), old, kind)]];
    case 'rename half done':
      return [[name, waiting(stored(name, item, kind, us), old, kind)]];
  }
}

/** The new side of a rename that was not finished. */
function waiting(one: Stored, old: string, kind: ServerKind): Stored {
  const noted = inRenaming(normalize(one.body).schedule, old, kind.keepsReason ? 'reason' : 'description');
  const { pausedReason: _reason, ...rest } = one.body;
  return {
    ...one,
    body: {
      ...rest,
      paused: true,
      ...(noted.pausedReason === undefined ? {} : { pausedReason: noted.pausedReason }),
      ...(noted.description === undefined ? {} : { description: noted.description }),
    },
  };
}
