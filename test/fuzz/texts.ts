import fc from 'fast-check';
import { anyTree, type Fields, Num, type Tree, textOf } from '../law/letters.ts';

/** The few names that schedules get, so that calls by name meet them. */
export const names = ['fa', 'fb', 'fc d', 'f-é', 'f+g', 'f%h', 'f,i', 'f:j', 'abcd:k'] as const;
export const workflowNames = ['wa', 'wb', 'w c', 'w:d'] as const;

const oddNumbers = [
  ...['0', '-0', '1', '-1', '1.0', '1.5', '-1.9', '1e3', '1E+2', '0.10', '1e400', '-1e400', '1e-400'],
  ...['99', '100', '2147483647', '2147483648', '-2147483649', '9223372036854775807', '9223372036854775808'],
  ...['9223372036854775807.5', '123456789012345678901234567890', '4102444800000', '1.7976931348623157e308'],
].map((text) => new Num(text));

const oddWords = [
  ...['', ' ', 'null', 'NULL', 'true', 'True', 'TRUE', 'tRUE', 'false', 'yes', '0', '1', '+1', '-1', '007'],
  ...[
    '1.0',
    '1e3',
    '0x10',
    ' 7 ',
    '1_000',
    '٣',
    '\t',
    'a',
    'é',
    '日本',
    '😀',
    'a\u0000b',
    '\u007f',
    '\ud800',
  ],
  ...['FAIL', ' FAIL ', 'fail', 'RETURN_EXISTING', '01', '${x}', '${', 'SIMPLE', 'ALERT_ONLY', 'JSON'],
];

/** Values of every kind, of which a field takes some and refuses others. */
const oddValue: fc.Arbitrary<Tree> = fc.oneof(
  { arbitrary: fc.constantFrom<Tree[]>(...oddNumbers), weight: 4 },
  { arbitrary: fc.constantFrom<Tree[]>(...oddWords), weight: 4 },
  { arbitrary: fc.constantFrom<Tree[]>(null, true, false), weight: 2 },
  fc.constantFrom<Tree[]>(
    [],
    {},
    [null],
    ['a'],
    [new Num('1')],
    { a: null },
    { a: new Num('1.50') },
    [{}],
    [[]],
  ),
  anyTree,
);

/** Fields of a class: each is left out, right, or odd. */
function fieldsOf(right: { readonly [name: string]: fc.Arbitrary<Tree> }, odd: number): fc.Arbitrary<Fields> {
  const entries = Object.entries(right).map(([name, value]) =>
    fc
      .oneof(
        { arbitrary: fc.constant(undefined), weight: 10 },
        { arbitrary: value as fc.Arbitrary<Tree | undefined>, weight: 8 },
        { arbitrary: oddValue as fc.Arbitrary<Tree | undefined>, weight: odd },
      )
      .map((chosen): readonly [string, Tree | undefined] => [name, chosen]),
  );
  const unknown = fc.option(fc.tuple(fc.constantFrom('unknown', 'Name', 'toString', '__proto__'), anyTree), {
    freq: 15,
    nil: undefined,
  });
  return fc
    .tuple(fc.tuple(...entries), unknown)
    .map(([known, more]) =>
      Object.fromEntries(
        [...known, ...(more === undefined ? [] : [more])].filter(
          (entry): entry is readonly [string, Tree] => entry[1] !== undefined,
        ),
      ),
    );
}

const num = (...texts: readonly string[]): fc.Arbitrary<Tree> =>
  fc.constantFrom<Tree[]>(...texts.map((text) => new Num(text)));
const word = (...texts: readonly string[]): fc.Arbitrary<Tree> => fc.constantFrom<Tree[]>(...texts);
const truth = fc.constantFrom<Tree[]>(true, false);
const object: fc.Arbitrary<Tree> = fc.dictionary(fc.constantFrom('a', 'b', '1', 'x y', 'é'), anyTree, {
  maxKeys: 3,
});
const texts: fc.Arbitrary<Tree> = fc.array(fc.constantFrom<Tree[]>('a', 'b', null, new Num('1.50'), true), {
  maxLength: 3,
});
const textMap: fc.Arbitrary<Tree> = fc.dictionary(
  fc.constantFrom('a', '*'),
  fc.constantFrom<Tree[]>('x', null, new Num('1.50'), true),
  { maxKeys: 2 },
);

const schema = fieldsOf(
  {
    name: word('s'),
    version: num('1', '2'),
    type: word('JSON', 'AVRO', 'PROTOBUF', '1'),
    data: object,
    externalRef: word('r'),
    createTime: num('5'),
  },
  3,
);
const cache = fieldsOf({ key: word('k'), ttlInSecond: num('5') }, 3);
const taskDefinition = fieldsOf(
  {
    name: word('t'),
    retryCount: num('3'),
    timeoutSeconds: num('9'),
    inputKeys: texts,
    timeoutPolicy: word('RETRY', 'TIME_OUT_WF', 'ALERT_ONLY', '2'),
    retryLogic: word('FIXED', 'EXPONENTIAL_BACKOFF'),
    concurrentExecLimit: num('1'),
    inputTemplate: object,
    rateLimitPerFrequency: num('4'),
    rateLimitFrequencyInSeconds: num('4'),
    pollTimeoutSeconds: num('4'),
    backoffScaleFactor: num('4'),
    taskStatusListenerEnabled: truth,
    inputSchema: schema,
    enforceSchema: truth,
  },
  3,
);

const { definition } = fc.letrec<{ definition: Tree; task: Tree; tasks: Tree }>((tie) => ({
  tasks: fc.array(tie('task'), { maxLength: 2 }) as fc.Arbitrary<Tree>,
  task: fc.oneof(
    { maxDepth: 2 },
    word('none').map((): Tree => ({ name: 't', taskReferenceName: 't', type: 'SIMPLE' })),
    fieldsOf(
      {
        name: word('t'),
        taskReferenceName: word('t', 'u'),
        description: word('d'),
        inputParameters: object,
        type: word('SIMPLE', 'HTTP', 'mine'),
        workflowTaskType: word('SIMPLE', 'WAIT'),
        caseExpression: word('x'),
        decisionCases: fc.dictionary(fc.constantFrom('a', 'b'), tie('tasks'), {
          maxKeys: 2,
        }) as fc.Arbitrary<Tree>,
        defaultCase: tie('tasks'),
        forkTasks: fc.array(tie('tasks'), { maxLength: 2 }) as fc.Arbitrary<Tree>,
        startDelay: num('5'),
        subWorkflowParam: fieldsOf(
          {
            name: word('s'),
            version: num('2'),
            taskToDomain: textMap,
            workflowDefinition: fc.oneof(word('${x}', '${workflow.input.d}', 'x'), tie('definition')),
            idempotencyStrategy: word('FAIL'),
            priority: fc.oneof(num('5', '1.50'), word('${p}')),
          },
          2,
        ) as fc.Arbitrary<Tree>,
        joinOn: texts,
        optional: truth,
        taskDefinition: taskDefinition as fc.Arbitrary<Tree>,
        rateLimited: truth,
        asyncComplete: truth,
        loopOver: tie('tasks'),
        retryCount: num('5'),
        onStateChange: fc.dictionary(
          fc.constantFrom('onStart'),
          fc.array(fieldsOf({ type: word('e'), payload: object }, 2) as fc.Arbitrary<Tree>, { maxLength: 2 }),
          { maxKeys: 1 },
        ) as fc.Arbitrary<Tree>,
        cacheConfig: cache as fc.Arbitrary<Tree>,
        permissive: truth,
        joinMode: word('SYNC', 'ASYNC'),
        metadata: object,
      },
      1,
    ) as fc.Arbitrary<Tree>,
  ),
  definition: fieldsOf(
    {
      name: word('inline', 'x:y'),
      description: word('d'),
      version: num('1', '2'),
      tasks: tie('tasks'),
      inputParameters: texts,
      outputParameters: object,
      failureWorkflow: word('f'),
      schemaVersion: num('2', '1'),
      restartable: truth,
      ownerEmail: word('a@example.com', 'nobody'),
      ownerApp: word('o'),
      timeoutPolicy: word('TIME_OUT_WF', 'ALERT_ONLY', '0'),
      timeoutSeconds: num('60'),
      variables: object,
      inputTemplate: object,
      failureWorkflowVersion: num('3'),
      rateLimitConfig: fieldsOf(
        { rateLimitKey: word('k'), concurrentExecLimit: num('1'), policy: word('QUEUE', 'REJECT') },
        3,
      ) as fc.Arbitrary<Tree>,
      inputSchema: schema as fc.Arbitrary<Tree>,
      enforceSchema: truth,
      metadata: object,
      cacheConfig: cache as fc.Arbitrary<Tree>,
      maskedFields: texts,
      createTime: num('5'),
      updatedBy: word('u'),
    },
    2,
  ) as fc.Arbitrary<Tree>,
}));
export const anyDefinition: fc.Arbitrary<Tree> = definition;

/** A StartWorkflowRequest, mostly with a name. */
export const anyStartRequest: fc.Arbitrary<Fields> = fc
  .tuple(
    fieldsOf(
      {
        version: num('1', '3'),
        correlationId: word('c', '${x}'),
        input: object,
        taskToDomain: textMap,
        priority: num('0', '7', '99'),
        createdBy: word('ada'),
        idempotencyKey: word('k'),
        idempotencyStrategy: word('FAIL', 'RETURN_EXISTING', 'FAIL_ON_RUNNING', '1'),
        externalInputPayloadStoragePath: word('p'),
        workflowDef: anyDefinition,
      },
      1,
    ),
    fc.oneof(
      { arbitrary: fc.constantFrom<Fields[]>({ name: 'wa' }, { name: 'wb' }, { name: 'none' }), weight: 12 },
      { arbitrary: oddValue.map((name): Fields => ({ name })), weight: 1 },
      { arbitrary: fc.constant<Fields>({}), weight: 1 },
    ),
  )
  .map(([fields, name]) => ({ ...name, ...fields }));

/** What a worker says of a task that nobody knows. */
export const anyTaskResult: fc.Arbitrary<Tree> = fieldsOf(
  {
    workflowInstanceId: word('none', '', ' '),
    taskId: word('none', ''),
    status: word('COMPLETED', 'FAILED', '1'),
    outputData: object,
    reasonForIncompletion: word('r'),
    callbackAfterSeconds: num('5'),
    workerId: word('w'),
  },
  2,
) as fc.Arbitrary<Tree>;

// None of these fires while the requests run, whatever day it is.
const crons = word('0 0 0 29 2 ?', '0 0 0 31 2 *', 'bad', '', '0 0 0 30 FEB ?', '@never');
const zones = word(
  'UTC',
  'Europe/Berlin',
  'Mars/X',
  'EST',
  'utc',
  '',
  ' UTC',
  '+2',
  'UTC+1',
  'GMT-03:00',
  '+99',
  'Z',
);

/** Tomcat refuses paths with these, so such a schedule would be there for the rest of the run. */
function canBeDeleted(name: Tree): boolean {
  return typeof name !== 'string' || !/^\.*$|[\0/\\]/.test(name);
}

/** A schedule, mostly one that can be saved. */
export const anySchedule: fc.Arbitrary<Fields> = fc
  .tuple(
    fieldsOf(
      {
        description: word('d', 'é'),
        zoneId: zones,
        paused: truth,
        pausedReason: word('r'),
        runCatchupScheduleInstances: truth,
        scheduleStartTime: num('4102444800000', '5'),
        scheduleEndTime: num('4102444900000', '5', '0'),
        createTime: num('7'),
        updatedTime: num('7'),
        createdBy: word('ada'),
        updatedBy: word('ada'),
        nextRunTime: num('7'),
        cronSchedules: fc.array(
          fc.oneof(
            {
              arbitrary: fieldsOf({ cronExpression: crons, zoneId: zones }, 1) as fc.Arbitrary<Tree>,
              weight: 9,
            },
            { arbitrary: fc.constantFrom<Tree[]>('', {}), weight: 1 },
          ),
          { maxLength: 3 },
        ) as fc.Arbitrary<Tree>,
        tags: fc.constant<Tree>([{ key: 'a', value: 'b' }]),
      },
      2,
    ),
    fc.oneof(
      { arbitrary: fc.constantFrom(...names).map((name): Fields => ({ name })), weight: 16 },
      { arbitrary: oddValue.filter(canBeDeleted).map((name): Fields => ({ name })), weight: 1 },
      { arbitrary: fc.constant<Fields>({}), weight: 1 },
    ),
    fc.oneof(
      { arbitrary: crons.map((cronExpression): Fields => ({ cronExpression })), weight: 8 },
      { arbitrary: fc.constant<Fields>({}), weight: 1 },
    ),
    fc.oneof(
      {
        arbitrary: anyStartRequest.map((startWorkflowRequest): Fields => ({ startWorkflowRequest })),
        weight: 16,
      },
      { arbitrary: oddValue.map((startWorkflowRequest): Fields => ({ startWorkflowRequest })), weight: 1 },
      { arbitrary: fc.constant<Fields>({}), weight: 1 },
    ),
  )
  .map(([fields, ...rest]): Fields => Object.assign({}, ...rest, fields));

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

/** What people and broken programs do to a JSON text. */
const spoil: fc.Arbitrary<(text: string) => string> = fc.oneof(
  fc.constantFrom<((text: string) => string)[]>(
    (text) => `${text} trailing`,
    (text) => `${text}}`,
    (text) => `${text}{}`,
    (text) => `${text}\0`,
    (text) => ` \t\r\n${text}`,
    (text) => `\ufeff${text}`,
    (text) => `/* c */${text}`,
    (text) => text.replaceAll('"', "'"),
    (text) => text.replace('"', ''),
    (text) => text.replace(':', ' '),
    (text) => text.replace(',', ',,'),
    (text) => text.replace(/\}$/, ',}'),
    (text) => text.replace(/\d+/, '0$&'),
    (text) => text.replace(/\d+/, '+$&'),
    (text) => text.replace(/\d+/, '$&.'),
    (text) => text.replace(/\d+/, '.$&'),
    (text) => text.replace(/\d+/, 'NaN'),
    (text) => text.replace(/true|false|null/, 'True'),
    (text) => text.replace(/true|false|null/, '$&x'),
    (text) => text.replace(/"name": ?"[^"]*"/, '$&, $&'),
    (text) => text.replace(/"name": ?"[^"]*"/, '"name": ["a"], $&'),
    (text) => text.replace(/"name": ?"[^"]*"/, '$&, "paused": "nope", "paused": true'),
    (text) => text.replace(/"input": ?\{/, '$&"d": 1, "d": 1.0, "e": {"d": 2}, "e": {},'),
    (text) => text.replace(/"input": ?\{/, `$&"n": ${'9'.repeat(1000)},`),
    (text) => text.replace(/"input": ?\{/, `$&"n": -${'9'.repeat(1000)},`),
    (text) => text.replace(/"input": ?\{/, `$&"n": ${'9'.repeat(1001)},`),
    (text) => text.replace(/"input": ?\{/, `$&"n": 0.${'1'.repeat(999)},`),
    (text) => text.replace(/"input": ?\{/, `$&"n": 0.${'1'.repeat(1000)},`),
    (text) => text.replace(/"input": ?\{/, `$&"n": ${nested(900)},`),
    (text) => text.replace(/"input": ?\{/, `$&"n": ${nested(1001)},`),
    (text) => text.replace(/"input": ?\{/, '$&"t": "a\nb",'),
    (text) => text.replace(/"input": ?\{/, '$&"t": "\\x",'),
    (text) => text.replace(/"input": ?\{/, '$&"t": "\\u12",'),
    (text) => text.replace(/"input": ?\{/, '$&"t": "\\ud83d\\ude00 \\ud800 \\udc00",'),
    (text) => text.replace(/"input": ?\{/, '$&"\\u0061": 1, "a": 2,'),
    (text) => text.replace(/"input": ?\{/, `$&"${'k'.repeat(50_001)}": 1,`),
    () => '',
    () => ' ',
    () => 'null',
    () => '[]',
    () => '{}',
    () => '""',
    () => '1',
    () => 'x',
    () => '{"a":1',
    () => nested(1001),
  ),
  fc.nat(400).map((cut) => (text: string) => text.slice(0, cut)),
);

/** The text of a body, mostly as it should be. */
export function bodyText(value: fc.Arbitrary<Tree>): fc.Arbitrary<string> {
  return fc
    .tuple(value.map(textOf), fc.option(spoil, { freq: 4, nil: undefined }))
    .map(([text, change]) => (change === undefined ? text : change(text)));
}

const badUtf8 = [
  '80',
  'c3',
  'c328',
  'eda080',
  'edb080',
  'f09f9880',
  'c1a1',
  'f8888080',
  'ff',
  'e282',
  'f4908080',
];

/** A text as bytes, in UTF-8 or in what its content type says, or in what it does not say. */
export const encode: fc.Arbitrary<(text: string) => Buffer> = fc.oneof(
  { arbitrary: fc.constant((text: string) => Buffer.from(text, 'utf8')), weight: 12 },
  {
    arbitrary: fc.constantFrom<((text: string) => Buffer)[]>(
      (text) => Buffer.from(text, 'latin1'),
      (text) => Buffer.from(text, 'utf16le'),
      (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
      (text) => Buffer.from(text, 'utf16le').swap16(),
      (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
      (text) => utf32(text, true),
      (text) => utf32(text, false),
      (text) => utf32(`\ufeff${text}`, false),
    ),
    weight: 2,
  },
  {
    arbitrary: fc
      .tuple(fc.constantFrom(...badUtf8), fc.constantFrom('"name": "', '"input": {', '"description": "', '{'))
      .map(([hex, place]) => (text: string) => {
        const bytes = Buffer.from(text, 'utf8');
        const at = bytes.indexOf(place);
        const cut = at < 0 ? bytes.length : at + place.length;
        return Buffer.concat([bytes.subarray(0, cut), Buffer.from(hex, 'hex'), bytes.subarray(cut)]);
      }),
    weight: 1,
  },
);

function utf32(text: string, isLittle: boolean): Buffer {
  const codes = [...text].map((letter) => letter.codePointAt(0) as number);
  const bytes = Buffer.alloc(codes.length * 4);
  for (const [index, code] of codes.entries())
    if (isLittle) bytes.writeUInt32LE(code, index * 4);
    else bytes.writeUInt32BE(code, index * 4);
  return bytes;
}
