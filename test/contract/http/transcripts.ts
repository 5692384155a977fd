import type { Json } from '../../../src/model/json.ts';
import { type Expected, save, schedules } from './cells.ts';
import type { Ask } from './target.ts';

/** One request of a transcript and what is said about its answer here; the real server says the rest. */
interface Step {
  readonly ask: Ask;
  readonly expect: Expected;
}

/**
 * Requests in a row, each with its answer on OSS 3.32.1. Run on the local scheduler and on the real server alike;
 * there the two whole transcripts must be equal, too.
 */
export interface Transcript {
  readonly title: string;
  /** Leaves something behind that cannot be deleted. */
  readonly leavesTraces?: true;
  readonly steps: (word: string) => readonly Step[];
}

const refusedPath: Expected = { status: 400, type: 'text/html;charset=utf-8', body: '<html>' };
const startPage: Expected = { status: 200, type: 'text/html', body: '<html>' };
const nothing: Expected = { status: 200, type: null, body: '' };

function said(status: number, message: string): Expected {
  return {
    status,
    type: 'application/json',
    body: { status, message, instance: '<host>', retryable: false },
  };
}

const unreadable = said(500, 'JSON parse error');
const bodyMissing = said(500, 'Required request body is missing');

function constraint(column: string): Expected {
  return said(
    500,
    `PreparedStatementCallback; uncategorized SQLException for SQL [INSERT OR REPLACE INTO scheduler (scheduler_name, workflow_name, json_data, next_run_time) VALUES (?, ?, ?, ?)]; SQL state [null]; error code [19]; [SQLITE_CONSTRAINT_NOTNULL] A NOT NULL constraint failed (NOT NULL constraint failed: scheduler.${column})`,
  );
}

function get(name: string, expect: Expected): Step {
  return { ask: { method: 'GET', path: schedules(name) }, expect };
}

function answered(body: Json): Expected {
  return { status: 200, type: 'application/json', body };
}

const ok: Expected = { status: 200, type: 'application/json' };

/** A schedule as reads answer it; a key whose value is `undefined` is left out. */
function stored(name: string, over: Record<string, Json | undefined> = {}): Json {
  const schedule: Record<string, Json | undefined> = {
    name,
    cronExpression: '0 0 9 * * ?',
    runCatchupScheduleInstances: false,
    paused: false,
    startWorkflowRequest: request(name),
    zoneId: 'UTC',
    createTime: '<time>',
    updatedTime: '<time>',
    createdBy: '',
    updatedBy: '',
    cronSchedules: [],
    ...over,
  };
  return Object.fromEntries(Object.entries(schedule).filter(([, value]) => value !== undefined)) as Json;
}

function request(name: string, over: Record<string, Json> = {}): Json {
  return { name, input: {}, taskToDomain: {}, priority: 0, ...over };
}

/** Saves with these fields, then reads: `over` is what the read answers beyond the defaults. */
function coerced(
  title: string,
  fields: Record<string, Json>,
  over: (word: string) => Record<string, Json | undefined>,
): Transcript {
  return {
    title: `coercion: ${title}`,
    steps: (word) => [{ ask: save(word, fields), expect: ok }, get(word, answered(stored(word, over(word))))],
  };
}

/** A save with this whole body is refused with these words, and nothing is stored. */
function refused(title: string, body: (word: string) => unknown, expect: Expected): Transcript {
  return {
    title: `refused: ${title}`,
    steps: (word) => [
      { ask: { method: 'POST', path: schedules(), body: body(word) }, expect },
      get(word, said(404, `Schedule '${word}' not found`)),
    ],
  };
}

function withField(field: string, value: Json): (word: string) => Json {
  return (word) => ({ name: word, startWorkflowRequest: { name: word }, [field]: value });
}

function withRequest(field: string, value: Json): (word: string) => Json {
  return (word) => ({ name: word, startWorkflowRequest: { name: word, [field]: value } });
}

const filledDefinition: Json = {
  createTime: 0,
  updateTime: 0,
  version: 1,
  inputParameters: [],
  outputParameters: {},
  schemaVersion: 2,
  restartable: true,
  workflowStatusListenerEnabled: false,
  timeoutPolicy: 'ALERT_ONLY',
  timeoutSeconds: 0,
  variables: {},
  inputTemplate: {},
  enforceSchema: true,
  metadata: {},
  maskedFields: [],
};

const filledTask: Json = {
  decisionCases: {},
  defaultCase: [],
  forkTasks: [],
  startDelay: 0,
  joinOn: [],
  optional: false,
  defaultExclusiveJoinTask: [],
  asyncComplete: false,
  loopOver: [],
  onStateChange: {},
  permissive: false,
  metadata: {},
};

const task: Json = { name: 'sv', taskReferenceName: 'sv', type: 'SET_VARIABLE', inputParameters: { x: 1 } };

const input: Json = {
  big: 12345678901234567890n,
  negative: -98765432109876543210n,
  edge: 9007199254740993n,
  safe: 9007199254740991,
  tenth: 0.1,
  whole: 1000,
  text: 'ü – 😀  "quoted" \\',
  none: null,
  list: [1, [2, { three: 3 }], null, true],
  empty: {},
};

// Odd, but reachable when percent-encoded.
const namesInUse: readonly string[] = [
  'two words',
  ' blank ends ',
  'a%b',
  'a%2Fb',
  '100%25',
  'a+b',
  'a,b',
  'a;b=c',
  'a?b#c',
  'a&b=c',
  'a:b',
  'a.b..c',
  'tab\there',
  'line\nbreak',
  "quote'd",
  'ä–日本語😀',
  '{x',
  'a AND b',
];

export const transcripts: readonly Transcript[] = [
  {
    title: 'a full body is stored field by field, without what the server sets itself',
    steps: (word) => {
      const startWorkflowRequest = {
        name: word,
        version: 3,
        correlationId: 'c',
        input,
        taskToDomain: { '*': 'x', t: 'y' },
        externalInputPayloadStoragePath: 'p',
        priority: 7,
        createdBy: 'me',
        idempotencyKey: 'key',
        idempotencyStrategy: 'RETURN_EXISTING',
      };
      const fields = {
        description: 'd',
        zoneId: 'Europe/Berlin',
        cronSchedules: [
          { cronExpression: '0 0 1 * * ?' },
          { cronExpression: '0 0 2 * * ?', zoneId: 'Asia/Tokyo' },
        ],
        scheduleStartTime: 4070908800000,
        scheduleEndTime: 4102444800000,
        runCatchupScheduleInstances: true,
        paused: true,
        pausedReason: 'why',
        nextRunTime: 77,
      };
      const answer = answered(
        stored(word, {
          ...fields,
          startWorkflowRequest,
          cronSchedules: [
            { cronExpression: '0 0 1 * * ?', zoneId: 'UTC' },
            { cronExpression: '0 0 2 * * ?', zoneId: 'Asia/Tokyo' },
          ],
        }),
      );
      const servers = {
        createTime: 5,
        updatedTime: 6,
        createdBy: 'me',
        updatedBy: 'you',
        orgId: 'o',
        queueMsgId: 'q',
        tags: [{ key: 'a', value: 'b' }],
      };
      return [
        { ask: save(word, { ...fields, ...servers, startWorkflowRequest }), expect: answer },
        get(word, answer),
        { ask: { method: 'GET', path: `${schedules()}?workflowName=${word}` }, expect: ok },
      ];
    },
  },
  {
    title: 'an inline definition is filled with its defaults',
    steps: (word) => {
      const workflowDef = { name: word, tasks: [task] };
      const full = {
        ...(filledDefinition as object),
        name: word,
        tasks: [{ ...(filledTask as object), ...(task as object) }],
      } as Json;
      return [
        { ask: save(word, { startWorkflowRequest: { name: word, workflowDef } }), expect: ok },
        get(word, answered(stored(word, { startWorkflowRequest: request(word, { workflowDef: full }) }))),
      ];
    },
  },
  {
    title: 'explicit nulls stay absent in the answer of the save and are defaults afterwards',
    steps: (word) => {
      const body = {
        name: word,
        description: null,
        cronExpression: null,
        zoneId: null,
        cronSchedules: null,
        paused: null,
        pausedReason: null,
        scheduleStartTime: null,
        scheduleEndTime: null,
        runCatchupScheduleInstances: null,
        startWorkflowRequest: {
          name: word,
          version: null,
          input: null,
          taskToDomain: null,
          priority: null,
          correlationId: null,
        },
      };
      return [
        {
          ask: { method: 'POST', path: schedules(), body },
          expect: answered(
            stored(word, {
              cronExpression: undefined,
              zoneId: undefined,
              startWorkflowRequest: { name: word },
            }),
          ),
        },
        get(word, answered(stored(word, { cronExpression: undefined }))),
      ];
    },
  },
  {
    title: 'an entry of cronSchedules with nulls',
    steps: (word) => [
      { ask: save(word, { cronSchedules: [{ cronExpression: '0 0 1 * * ?', zoneId: null }] }), expect: ok },
      get(
        word,
        answered(stored(word, { cronSchedules: [{ cronExpression: '0 0 1 * * ?', zoneId: 'UTC' }] })),
      ),
    ],
  },
  {
    title: 'a save replaces everything, resumes, keeps createTime and the name',
    steps: (word) => [
      {
        ask: save(word, {
          description: 'd',
          zoneId: 'Asia/Tokyo',
          paused: true,
          pausedReason: 'r',
          runCatchupScheduleInstances: true,
          scheduleStartTime: 4070908800000,
        }),
        expect: ok,
      },
      { ask: save(word, { cronExpression: '0 0 10 * * ?' }), expect: ok },
      get(word, answered(stored(word, { cronExpression: '0 0 10 * * ?' }))),
    ],
  },
  {
    title: 'a save carries a pause with its reason, a later one without it clears it',
    steps: (word) => [
      { ask: save(word, { paused: true, pausedReason: 'r' }), expect: ok },
      get(word, answered(stored(word, { paused: true, pausedReason: 'r' }))),
      { ask: save(word, { paused: true }), expect: ok },
      get(word, answered(stored(word, { paused: true }))),
    ],
  },
  {
    title: 'the last written schedule is the last of the list',
    steps: (word) => {
      const own = { startWorkflowRequest: { name: word } };
      const list = (...names: readonly string[]): Step => ({
        ask: { method: 'GET', path: `${schedules()}?workflowName=${word}` },
        expect: answered(
          names.map((name) =>
            stored(name, { startWorkflowRequest: request(word), paused: name.endsWith('p') }),
          ),
        ),
      });
      return [
        { ask: save(`${word}b`, own), expect: ok },
        { ask: save(`${word}p`, own), expect: ok },
        { ask: save(`${word}a`, own), expect: ok },
        { ask: { method: 'PUT', path: `${schedules(`${word}p`)}/pause` }, expect: nothing },
        list(`${word}b`, `${word}a`, `${word}p`),
        { ask: save(`${word}b`, own), expect: ok },
        list(`${word}a`, `${word}p`, `${word}b`),
      ];
    },
  },
  {
    title: 'pause: the reason is stored, replaced, removed; resume removes it',
    steps: (word) => {
      const pause = (query: string): Step => ({
        ask: { method: 'PUT', path: `${schedules(word)}/pause${query}` },
        expect: nothing,
      });
      return [
        { ask: save(word), expect: ok },
        pause('?reason=why+not%21'),
        get(word, answered(stored(word, { paused: true, pausedReason: 'why not!' }))),
        pause('?reason=%C3%BC%20%26'),
        get(word, answered(stored(word, { paused: true, pausedReason: 'ü &' }))),
        pause('?reason='),
        get(word, answered(stored(word, { paused: true, pausedReason: '' }))),
        pause('?reason=a&reason=b'),
        get(word, answered(stored(word, { paused: true, pausedReason: 'a,b' }))),
        pause(''),
        get(word, answered(stored(word, { paused: true }))),
        pause('?reason=last'),
        { ask: { method: 'PUT', path: `${schedules(word)}/resume`, body: {} }, expect: nothing },
        get(word, answered(stored(word))),
        {
          ask: { method: 'PUT', path: `${schedules(word)}/resume` },
          expect: said(404, `Schedule '${word}' not found`),
        },
      ];
    },
  },
  {
    title: 'bulk: what it takes and what it refuses',
    steps: (word) => {
      const path = '/api/scheduler/bulk/pause';
      const bulk = (body: unknown, expect: Expected): Step => ({
        ask: { method: 'PUT', path, body },
        expect,
      });
      const limits = (message: string): Expected => ({
        status: 400,
        type: 'application/json',
        body: {
          status: 400,
          message: 'Validation failed, check below errors for detail.',
          retryable: false,
          validationErrors: [{ path: 'pauseSchedules.arg0', message }],
        },
      });
      return [
        { ask: save(word, { paused: true, pausedReason: 'old' }), expect: ok },
        bulk([word, word], answered({ bulkErrorResults: {}, bulkSuccessfulResults: [word, word] })),
        get(word, answered(stored(word, { paused: true }))),
        bulk([], limits('Schedule names list cannot be null.')),
        bulk(
          Array.from({ length: 1001 }, (_, index) => `n${index}`),
          limits('Cannot process more than 1000 schedules. Please use multiple requests.'),
        ),
        bulk({}, unreadable),
        bulk('x', unreadable),
        bulk(undefined, bodyMissing),
        { ask: { method: 'PUT', path: '/api/scheduler/bulk/resume', body: [word, word] }, expect: ok },
        get(word, answered(stored(word))),
      ];
    },
  },
  {
    title: 'search definitions: part of the name, paused, workflow, pages',
    steps: (word) => {
      const own = { startWorkflowRequest: { name: word } };
      const search = (query: string, totalHits: number, names: readonly string[]): Step => ({
        ask: { method: 'GET', path: `${schedules('search')}?${query}` },
        expect: answered({
          totalHits,
          results: names.map((name) =>
            stored(name, { startWorkflowRequest: request(word), paused: name.endsWith('2') }),
          ),
        }),
      });
      return [
        { ask: save(`${word}-3`, own), expect: ok },
        { ask: save(`${word}-1`, own), expect: ok },
        { ask: save(`${word}-2`, { ...own, paused: true }), expect: ok },
        search(`workflowName=${word}`, 3, [`${word}-1`, `${word}-2`, `${word}-3`]),
        search(`scheduleName=${word.toUpperCase()}-`, 3, [`${word}-1`, `${word}-2`, `${word}-3`]),
        search(`workflowName=${word}&paused=true`, 1, [`${word}-2`]),
        search(`workflowName=${word}&paused=false&size=1`, 2, [`${word}-1`]),
        search(`workflowName=${word}&start=1&size=1&sort=name:DESC&freeText=zzz`, 3, [`${word}-2`]),
        search(`workflowName=${word}&size=-1`, 3, [`${word}-1`, `${word}-2`, `${word}-3`]),
        search(`workflowName=${word}&size=0`, 3, []),
        search(`workflowName=${word.slice(0, -1)}`, 0, []),
      ];
    },
  },
  {
    title: 'next few: limits, windows and what it cannot read',
    steps: () => {
      const few = (query: string, expect: Expected): Step => ({
        ask: { method: 'GET', path: `/api/scheduler/nextFewSchedules?${query}` },
        expect,
      });
      const daily = 'cronExpression=0+0+0+*+*+%3F';
      const start = 4070908800000;
      const day = 86_400_000;
      return [
        few(
          '',
          said(
            500,
            "Required request parameter 'cronExpression' for method parameter type String is not present",
          ),
        ),
        few('cronExpression=', said(500, 'Invalid cron expression')),
        few('cronExpression=0+0+9+*+*', said(500, 'Invalid cron expression')),
        few('cronExpression=0+0+0+31+2+%3F', answered([])),
        few(`${daily}&limit=0`, answered([])),
        few(`${daily}&limit=-1`, answered([])),
        few(
          `${daily}&scheduleStartTime=${start}&limit=9`,
          answered([0, 1, 2, 3, 4].map((n) => start + n * day)),
        ),
        few(
          `${daily}&scheduleStartTime=${start + 1}&scheduleEndTime=${start + 2 * day}`,
          answered([start, start + day, start + 2 * day]),
        ),
        few(
          `${daily}&scheduleStartTime=${start + 1000}&scheduleEndTime=${start + 2 * day}`,
          answered([start + day, start + 2 * day]),
        ),
        // The branch for a start in the future does not look at the end.
        few(`${daily}&scheduleStartTime=${start}&scheduleEndTime=1`, answered([start])),
        few(`${daily}&scheduleEndTime=1`, answered([])),
        few(
          `${daily}&limit=x`,
          said(
            500,
            `Method parameter 'limit': Failed to convert value of type 'java.lang.String' to required type 'int'; For input string: "x"`,
          ),
        ),
        few(
          `${daily}&scheduleStartTime=x`,
          said(
            500,
            `Method parameter 'scheduleStartTime': Failed to convert value of type 'java.lang.String' to required type 'java.lang.Long'; For input string: "x"`,
          ),
        ),
      ];
    },
  },
  {
    title: 'a query that past runs cannot read',
    steps: () => [
      {
        ask: { method: 'GET', path: '/api/scheduler/search/executions?query=scheduledTime%3Eabc' },
        expect: said(500, 'For input string: "abc"'),
      },
      {
        ask: { method: 'GET', path: '/api/scheduler/search/executions?query=*' },
        expect: answered({ totalHits: 0, results: [] }),
      },
      {
        ask: { method: 'GET', path: '/api/scheduler/search/executions?size=x' },
        expect: { status: 500 },
      },
    ],
  },
  coerced('text for booleans', { paused: 'true', runCatchupScheduleInstances: 'False' }, () => ({
    paused: true,
  })),
  coerced('numbers for booleans', { paused: 1, runCatchupScheduleInstances: 0 }, () => ({ paused: true })),
  coerced('blank text for a boolean', { paused: '' }, () => ({})),
  coerced('text for times', { scheduleStartTime: ' 5 ', scheduleEndTime: '' }, () => ({
    scheduleStartTime: 5,
  })),
  coerced('fractions for times', { scheduleStartTime: 1.9, scheduleEndTime: -1.9 }, () => ({
    scheduleStartTime: 1,
    scheduleEndTime: -1,
  })),
  coerced('a time beyond 2^53', { scheduleStartTime: 9007199254740993n }, () => ({
    scheduleStartTime: 9007199254740993n,
  })),
  coerced('zero is a time', { scheduleEndTime: 0 }, () => ({ scheduleEndTime: 0 })),
  coerced('numbers for text', { description: 5, cronExpression: 7 }, () => ({
    description: '5',
    cronExpression: '7',
  })),
  coerced('blank text stays', { description: '', cronExpression: '', pausedReason: '' }, () => ({
    description: '',
    cronExpression: '',
    pausedReason: '',
  })),
  coerced('no cron at all', { cronExpression: null }, () => ({ cronExpression: undefined })),
  coerced('a cron that never fires', { cronExpression: '0 9 * * *' }, () => ({
    cronExpression: '0 9 * * *',
  })),
  coerced(
    'a bad entry in cronSchedules',
    { cronSchedules: [{ cronExpression: 'bad', zoneId: 'Mars/X' }] },
    () => ({
      cronSchedules: [{ cronExpression: 'bad', zoneId: 'Mars/X' }],
    }),
  ),
  coerced(
    'a bad zone that nobody reads',
    { zoneId: 'Mars/X', cronSchedules: [{ cronExpression: '0 0 1 * * ?' }] },
    () => ({ zoneId: 'Mars/X', cronSchedules: [{ cronExpression: '0 0 1 * * ?', zoneId: 'UTC' }] }),
  ),
  coerced('odd zones of Java', { zoneId: 'UTC+1' }, () => ({ zoneId: 'UTC+1' })),
  ...(
    [
      ['version as text', { version: '2' }, { version: 2 }],
      ['version with a fraction', { version: 1.9 }, { version: 1 }],
      ['version as blank text', { version: '', priority: '' }, {}],
      ['priority out of range', { priority: 500 }, { priority: 500 }],
      ['a strategy by its position', { idempotencyStrategy: 1 }, { idempotencyStrategy: 'RETURN_EXISTING' }],
      [
        'values of taskToDomain',
        { taskToDomain: { a: 1, b: 1.5, c: true, d: null } },
        { taskToDomain: { a: '1', b: '1.5', c: 'true', d: null } },
      ],
      ['blank text', { correlationId: '', idempotencyKey: '' }, { correlationId: '', idempotencyKey: '' }],
      ['an unknown field', { surprise: 1 }, {}],
      [
        'a whole number with an exponent',
        { input: { a: 1e3, b: 1e20 } },
        { input: { a: 1000, b: 100000000000000000000n } },
      ],
      ['an input named like a prototype', { input: { ['__proto__']: 1 } }, { input: { ['__proto__']: 1 } }],
    ] as readonly (readonly [string, Record<string, Json>, Record<string, Json>])[]
  ).map(
    ([title, fields, over]): Transcript => ({
      title: `coercion in the start request: ${title}`,
      steps: (word) => [
        { ask: save(word, { startWorkflowRequest: { name: word, ...fields } }), expect: ok },
        get(word, answered(stored(word, { startWorkflowRequest: request(word, over) }))),
      ],
    }),
  ),
  refused('no body', () => undefined, bodyMissing),
  refused('null', () => 'null', bodyMissing),
  refused('a list', () => [], unreadable),
  refused('a text', () => '"a"', unreadable),
  refused('no JSON', () => '{"name":', unreadable),
  refused('a comma too many', (word) => `{"name":"${word}",}`, unreadable),
  refused('no name', () => ({ startWorkflowRequest: { name: 'w' } }), constraint('scheduler_name')),
  refused('an empty object', () => ({}), constraint('scheduler_name')),
  refused('no start request', (word) => ({ name: word }), constraint('workflow_name')),
  refused(
    'no workflow name',
    (word) => ({ name: word, startWorkflowRequest: {} }),
    constraint('workflow_name'),
  ),
  refused('an unknown zone', withField('zoneId', 'Mars/X'), said(500, 'Unknown time-zone ID: Mars/X')),
  refused(
    'a zone with a blank',
    withField('zoneId', ' UTC'),
    said(500, 'Invalid ID for region-based ZoneId, invalid format:  UTC'),
  ),
  refused('no zone', withField('zoneId', ''), said(500, 'bad zone offset')),
  refused('a zone in lower case', withField('zoneId', 'utc'), said(500, 'Unknown time-zone ID: utc')),
  refused('a short zone', withField('zoneId', 'EST'), said(500, 'Unknown time-zone ID: EST')),
  refused('an offset too far', withField('zoneId', '+25'), said(500, 'bad zone offset')),
  refused(
    'an offset after UTC that is none',
    withField('zoneId', 'UTC+x'),
    said(500, 'Invalid ID for offset-based ZoneId: UTC+x'),
  ),
  refused('a time as ISO text', withField('scheduleStartTime', '2027-01-01T00:00:00Z'), unreadable),
  refused('a time that is true', withField('scheduleStartTime', true), unreadable),
  refused('a time beyond 64 bits', withField('scheduleEndTime', 12345678901234567890n), unreadable),
  refused('a boolean as another word', withField('paused', 'yes'), unreadable),
  refused('a boolean with a fraction', withField('paused', 1.5), unreadable),
  refused('a description that is a list', withField('description', []), unreadable),
  refused('cronSchedules that is an object', withField('cronSchedules', {}), unreadable),
  refused('cronSchedules that is text', withField('cronSchedules', ''), unreadable),
  refused('an entry that is text', withField('cronSchedules', ['x']), unreadable),
  refused('a start request that is text', withField('startWorkflowRequest', 'x'), unreadable),
  refused('a version that is a word', withRequest('version', 'x'), unreadable),
  refused('a version beyond 32 bits', withRequest('version', 3_000_000_000), unreadable),
  refused('a version that is true', withRequest('version', true), unreadable),
  refused('an input that is a list', withRequest('input', []), unreadable),
  refused('a domain that is an object', withRequest('taskToDomain', { a: {} }), unreadable),
  refused('an unknown strategy', withRequest('idempotencyStrategy', 'fail'), unreadable),
  refused('a blank strategy', withRequest('idempotencyStrategy', ''), unreadable),
  {
    title: 'content types',
    steps: (word) => {
      const typed = (type: string, expect: Expected): Step => ({ ask: { ...save(word), type }, expect });
      return [
        typed('text/plain', said(500, "Content-Type 'text/plain;charset=UTF-8' is not supported")),
        typed(
          'application/x-www-form-urlencoded',
          said(500, "Content-Type 'application/x-www-form-urlencoded;charset=UTF-8' is not supported"),
        ),
        typed(
          'application/octet-stream',
          said(500, "Content-Type 'application/octet-stream;charset=UTF-8' is not supported"),
        ),
        typed('nonsense', said(500, `Invalid mime type "nonsense": does not contain '/'`)),
        typed('application/json; charset=utf-8', ok),
        typed('application/vnd.x+json', ok),
        { ask: { ...save(word), chunked: true }, expect: answered(stored(word)) },
      ];
    },
  },
  ...namesInUse.map(
    (name): Transcript => ({
      title: `the name ${JSON.stringify(name)} works when it is percent-encoded`,
      steps: (word) => {
        const full = `${name}${word}${name}`;
        const own = { startWorkflowRequest: { name: word } };
        const is = (over: Record<string, Json> = {}): Expected =>
          answered(stored(full, { startWorkflowRequest: request(word), ...over }));
        return [
          { ask: save(full, own), expect: is() },
          get(full, is()),
          { ask: { method: 'PUT', path: `${schedules(full)}/pause?reason=r` }, expect: nothing },
          get(full, is({ paused: true, pausedReason: 'r' })),
          { ask: { method: 'PUT', path: `${schedules(full)}/resume` }, expect: nothing },
          { ask: { method: 'DELETE', path: schedules(full) }, expect: nothing },
          get(full, said(404, `Schedule '${full}' not found`)),
        ];
      },
    }),
  ),
  {
    title: 'names that differ only in case are two schedules',
    steps: (word) => [
      { ask: save(`${word}x`), expect: ok },
      get(`${word}X`, said(404, `Schedule '${word}X' not found`)),
    ],
  },
  {
    title: 'a name of 600 characters',
    steps: (word) => {
      const long = word.padEnd(600, 'x');
      return [{ ask: save(long), expect: ok }, get(long, answered(stored(long)))];
    },
  },
  {
    title: 'the name "search" is listed and deleted, but a get answers the search',
    steps: (word) => [
      { ask: save('search', { startWorkflowRequest: { name: word } }), expect: ok },
      {
        ask: { method: 'GET', path: `${schedules('search')}?workflowName=${word}` },
        expect: answered({
          totalHits: 1,
          results: [stored('search', { startWorkflowRequest: request(word) })],
        }),
      },
      { ask: { method: 'PUT', path: `${schedules('search')}/pause` }, expect: nothing },
      { ask: { method: 'DELETE', path: schedules('search') }, expect: nothing },
      { ask: { method: 'GET', path: `${schedules()}?workflowName=${word}` }, expect: answered([]) },
    ],
  },
  {
    title: 'a name with a slash or backslash is stored and cannot be reached by name',
    leavesTraces: true,
    steps: (word) =>
      ['/', '\\'].flatMap((mark): Step[] => {
        const name = `${word}${mark}b`;
        return [
          { ask: save(name), expect: answered(stored(name)) },
          get(name, refusedPath),
          { ask: { method: 'PUT', path: `${schedules(name)}/pause` }, expect: refusedPath },
          { ask: { method: 'DELETE', path: schedules(name) }, expect: refusedPath },
          {
            ask: { method: 'PUT', path: '/api/scheduler/bulk/pause', body: [name] },
            expect: answered({ bulkErrorResults: {}, bulkSuccessfulResults: [name] }),
          },
          {
            ask: { method: 'GET', path: `${schedules()}?workflowName=${encodeURIComponent(name)}` },
            expect: answered([stored(name, { paused: true })]),
          },
        ];
      }),
  },
  {
    title: 'a null entry in cronSchedules is stored, and then nothing can be done with the schedule',
    leavesTraces: true,
    steps: (word) => {
      const failure = said(
        500,
        'Cannot invoke "io.orkes.conductor.scheduler.model.CronSchedule.getCronExpression()" because "cs" is null',
      );
      return [
        { ask: save(word, { cronSchedules: [null] }), expect: failure },
        get(word, answered(stored(word, { cronSchedules: [null] }))),
        { ask: save(word), expect: failure },
        { ask: { method: 'PUT', path: `${schedules(word)}/pause` }, expect: failure },
        { ask: { method: 'DELETE', path: schedules(word) }, expect: failure },
        get(word, answered(stored(word, { cronSchedules: [null] }))),
      ];
    },
  },
  {
    title: 'paths that lead nowhere',
    steps: (word) => {
      const at = (method: string, path: string, expect: Expected): Step => ({
        ask: { method, path },
        expect,
      });
      const none = (path: string): Expected => said(404, `No static resource ${path}.`);
      return [
        at('GET', '/', startPage),
        at('GET', '/scheduler/schedules', startPage),
        at('GET', '/API/scheduler/schedules', startPage),
        at('POST', '/scheduler/schedules', none('scheduler/schedules')),
        at('GET', '/api', none('api')),
        at('GET', '/api/', none('api')),
        at('GET', `/api/scheduler/${word}`, none(`api/scheduler/${word}`)),
        at('GET', '/api/scheduler/schedules/', none('api/scheduler/schedules')),
        at('GET', '/api/scheduler/schedules//x', none('api/scheduler/schedules/x')),
        at('GET', '/api/scheduler/schedules/a/b', none('api/scheduler/schedules/a/b')),
        at('GET', '/api/no%20such', none('api/no%20such')),
        at('GET', `/api/scheduler/schedules/${word};a=b`, said(404, `Schedule '${word}' not found`)),
        at('GET', '/api/scheduler/schedules/%zz', refusedPath),
        at('GET', '/api/scheduler/schedules/%ff', refusedPath),
        at('GET', '/api/scheduler/schedules/%00', refusedPath),
        at('GET', '/nosuch%2Fx', refusedPath),
        at('PUT', schedules(), said(405, "Request method 'PUT' is not supported")),
        at('DELETE', schedules(), said(405, "Request method 'DELETE' is not supported")),
        at('POST', `${schedules(word)}/pause`, said(405, "Request method 'POST' is not supported")),
        at('PUT', '/api/scheduler/admin/pause', said(405, "Request method 'PUT' is not supported")),
        at('POST', '/api/scheduler/search/executions', said(405, "Request method 'POST' is not supported")),
        at('OPTIONS', `${schedules(word)}/pause`, nothing),
        at('OPTIONS', `${schedules(word)}/tags`, none(`api/scheduler/schedules/${word}/tags`)),
        at('HEAD', schedules(), { status: 200 }),
      ];
    },
  },
  {
    title: 'workflow definitions: register, read, list, delete, start',
    steps: (word) => {
      const path = '/api/metadata/workflow';
      const body = { name: word, tasks: [task], inputParameters: ['a'], ownerEmail: 'a@b.c' };
      const at = (method: string, rest: string, expect: Expected): Step => ({
        ask: { method, path: `${path}${rest}` },
        expect,
      });
      const post = (definition: unknown, expect: Expected): Step => ({
        ask: { method: 'POST', path, body: definition },
        expect,
      });
      const invalid = (...errors: readonly Json[]): Expected => ({
        status: 400,
        type: 'application/json',
        body: {
          status: 400,
          message: 'Validation failed, check below errors for detail.',
          retryable: false,
          validationErrors: errors,
        },
      });
      const noTasks = {
        path: 'registerWorkflowDef.arg0.tasks',
        message: 'WorkflowTask list cannot be empty',
      };
      const noName = {
        path: 'registerWorkflowDef.arg0.name',
        message: 'WorkflowDef name cannot be null or empty',
      };
      const definition = (version: number): Expected =>
        answered({
          ...(filledDefinition as object),
          ...body,
          version,
          createTime: '<time>',
          tasks: [{ ...(filledTask as object), ...(task as object) }],
        } as Json);
      return [
        at('GET', `/${word}`, said(404, `No such workflow found by name: ${word}, version: null`)),
        post(body, nothing),
        post(body, said(409, `Workflow with ${word}.1 already exists!`)),
        post({ ...body, version: 3 }, nothing),
        at('GET', `/${word}`, definition(3)),
        at('GET', `/${word}?version=1`, definition(1)),
        at('GET', `/${word}?version=7`, said(404, `No such workflow found by name: ${word}, version: 7`)),
        at('GET', `/${word}?version=x`, { status: 500 }),
        at('GET', `/${word}/1`, said(405, "Request method 'GET' is not supported")),
        post({ name: `${word}-no` }, invalid(noTasks)),
        post({}, invalid(noName, noTasks)),
        post([], unreadable),
        at('DELETE', `/${word}/3`, nothing),
        at('DELETE', `/${word}/3`, said(500, `No such workflow definition: ${word} version: 3`)),
        at('GET', `/${word}`, definition(1)),
        {
          ask: { method: 'POST', path: '/api/workflow', body: { name: word } },
          expect: { status: 200, type: 'text/plain;charset=UTF-8', body: '<id>' },
        },
        {
          ask: { method: 'POST', path: '/api/workflow', body: { name: word, version: 9 } },
          expect: said(404, `No such workflow defined. name=${word}, version=9`),
        },
        {
          ask: { method: 'POST', path: '/api/workflow', body: { name: `${word}-no` } },
          expect: said(404, `No such workflow defined. name=${word}-no, version=null`),
        },
        { ask: { method: 'POST', path: '/api/workflow', body: {} }, expect: { status: 400 } },
        {
          ask: { method: 'POST', path: '/api/workflow', body: { name: word, priority: 500 } },
          expect: {
            status: 400,
            type: 'application/json',
            body: {
              status: 400,
              message: 'Validation failed, check below errors for detail.',
              retryable: false,
              validationErrors: [
                {
                  path: 'startWorkflow.arg0.priority',
                  message: 'priority: 500 should be maximum 99',
                  invalidValue: '500',
                },
              ],
            },
          },
        },
        {
          ask: { method: 'GET', path: `/api/workflow/${word}` },
          expect: said(404, `No such workflow found by id: ${word}`),
        },
        at('DELETE', `/${word}/1`, nothing),
      ];
    },
  },
];
