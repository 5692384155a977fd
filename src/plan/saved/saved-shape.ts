import { isObject, type Json } from '../../model/json.ts';

/** Where a value is not of a shape, as a path into it; undefined = it is. Keys that the shape does not have are wrong too. */
type Shape = (value: Json, at: string) => string | undefined;

const is =
  (fits: (value: Json) => boolean): Shape =>
  (value, at) =>
    fits(value) ? undefined : at;
const text = is((value) => typeof value === 'string');
const truth = is((value) => typeof value === 'boolean');
const number = is((value) => typeof value === 'number');
const count = is((value) => typeof value === 'number' && Number.isInteger(value) && value >= 0);
const hash = is((value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value));
const anything = is(() => true);
const object = is(isObject);
const one = (...values: readonly Json[]): Shape => is((value) => values.includes(value));

function listOf(item: Shape, least = 0): Shape {
  return (value, at) => {
    if (!Array.isArray(value) || value.length < least) return at;
    return firstOf(value.map((entry: Json, index) => () => item(entry, `${at}[${index}]`)));
  };
}

/** `optional` are the keys that may be missing. */
function fields(keys: { readonly [key: string]: Shape }, optional: readonly string[] = []): Shape {
  return (value, at) => {
    if (!isObject(value)) return at;
    const under = (key: string): string => (at === '' ? key : `${at}.${key}`);
    const missing = Object.keys(keys).find((key) => !Object.hasOwn(value, key) && !optional.includes(key));
    if (missing !== undefined) return under(missing);
    return firstOf(
      Object.entries(value).map(([key, item]) => () => {
        const shape = Object.hasOwn(keys, key) ? keys[key] : undefined;
        return shape === undefined ? under(key) : shape(item, under(key));
      }),
    );
  };
}

/** The shape that the value of one key chooses. */
function either(key: string, shapes: { readonly [value: string]: Shape }): Shape {
  return (value, at) => {
    const chosen = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    const shape = typeof chosen === 'string' && Object.hasOwn(shapes, chosen) ? shapes[chosen] : undefined;
    return shape === undefined ? at : shape(value, at);
  };
}

function firstOf(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const wrong = check();
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

const path = listOf(text, 1);
const tags = listOf(fields({ key: text, value: text }));
const timer = { cronExpression: text, zoneId: text };
const texts: Shape = (value, at) =>
  isObject(value)
    ? firstOf(
        Object.entries(value).map(
          ([key, item]) =>
            () =>
              text(item, `${at}.${key}`),
        ),
      )
    : at;

const request = fields(
  {
    name: text,
    version: number,
    input: object,
    correlationId: text,
    taskToDomain: texts,
    priority: number,
    workflowDef: object,
    externalInputPayloadStoragePath: text,
    idempotencyKey: text,
    idempotencyStrategy: text,
  },
  [
    'version',
    'correlationId',
    'workflowDef',
    'externalInputPayloadStoragePath',
    'idempotencyKey',
    'idempotencyStrategy',
  ],
);

const schedule = fields(
  {
    name: text,
    description: text,
    ...timer,
    cronSchedules: listOf(fields(timer), 1),
    startWorkflowRequest: request,
    scheduleStartTime: number,
    scheduleEndTime: number,
    runCatchupScheduleInstances: truth,
    paused: truth,
    pausedReason: text,
  },
  [
    'description',
    'cronExpression',
    'zoneId',
    'cronSchedules',
    'scheduleStartTime',
    'scheduleEndTime',
    'pausedReason',
  ],
);

const kind = text;
const edits = { set: listOf(fields({ path, value: anything })), unset: listOf(path) };
const step = either('kind', {
  save: either('mode', {
    create: fields({ kind, mode: text, schedule }),
    update: fields({ kind, mode: text, ...edits }),
    copy: fields({ kind, mode: text, from: text, ...edits }),
  }),
  pause: fields({ kind, reason: text }, ['reason']),
  resume: fields({ kind }),
  tag: fields({ kind, tags }),
  untag: fields({ kind, tags }),
  delete: fields({ kind, old: text }, ['old']),
});

const anyChange = {
  kind,
  name: text,
  basis: (value: Json, at: string) => (value === null ? undefined : hash(value, at)),
  tagsBasis: listOf(hash),
  steps: listOf(step, 1),
  origin: fields({ file: text, document: count, item: count }, ['item']),
  sensitive: listOf(path),
  secretPaths: listOf(path),
};
const simple = fields(anyChange, ['tagsBasis', 'origin']);

const change = either('kind', {
  create: simple,
  update: simple,
  adopt: simple,
  delete: simple,
  rename: fields({ ...anyChange, previous: listOf(fields({ name: text, basis: hash })), becomes: hash }, [
    'tagsBasis',
    'origin',
  ]),
});

const savedPlan = fields(
  {
    format: number,
    kind,
    target: fields(
      {
        url: text,
        serverType: one('oss-0', 'oss-1', 'oss-2', 'orkes-old', 'orkes-new', 'documented'),
        version: text,
      },
      ['version'],
    ),
    owner: text,
    selection: fields({ target: listOf(text), exclude: listOf(text), selector: tags }),
    counts: fields({
      create: count,
      update: count,
      adopt: count,
      rename: count,
      delete: count,
      pause: count,
      resume: count,
      unchanged: count,
      unmanaged: count,
    }),
    guards: listOf(
      fields(
        {
          guard: one('deletes', 'updates', 'fires-per-day', 'fires-per-minute'),
          seen: count,
          at: count,
          limit: count,
          refused: truth,
        },
        ['at', 'limit'],
      ),
    ),
    changes: listOf(change),
    digest: hash,
    checksum: hash,
  },
  ['owner', 'selection'],
);

/** Where a value is no saved plan, as a path such as `changes[0].steps`; undefined = it is one, as its schema describes it. */
export function misfitIn(value: Json): string | undefined {
  return savedPlan(value, '');
}
