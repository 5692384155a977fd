import fc from 'fast-check';
import type { Tree } from '../law/letters.ts';
import {
  anyDefinition,
  anySchedule,
  anyStartRequest,
  anyTaskResult,
  bodyText,
  encode,
  names,
  workflowNames,
} from './texts.ts';

/** One request as it goes over the wire. */
export type FuzzRequest = {
  /** What it is about, for the counts. */
  readonly operation: string;
  readonly method: string;
  /** With its query. */
  readonly target: string;
  readonly headers: readonly string[];
  /** Absent = none. */
  readonly body?: Buffer;
};

/** The bytes of a request. */
export function bytesOf({ method, target, headers, body }: FuzzRequest): Buffer {
  const length = body === undefined ? [] : [`Content-Length: ${body.length}`];
  const head = `${method} ${target} HTTP/1.1\r\n${['Host: localhost', ...headers, ...length].join('\r\n')}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), body ?? Buffer.alloc(0)]);
}

const schedules = '/api/scheduler/schedules';

const scheduleName: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: fc.constantFrom(...names).map(encodeURIComponent), weight: 12 },
  {
    arbitrary: fc.constantFrom(
      ...[
        'none',
        'search',
        '%2e',
        '..',
        'f%2Fa',
        'f%5Ca',
        'fa;x=1',
        'f%00',
        '%zz',
        '%ff',
        '%ed%a0%80',
        'f+g',
      ],
      ...[
        'fa%20',
        'FA',
        'fa/',
        '/fa',
        'fa.json',
        'f%C3%A9',
        'f%E9',
        'f|a',
        'f"a',
        'f<a',
        'f^a',
        "f'a",
        'f`a',
        '%',
      ],
      ...['f%25h', 'f%3Bg', 'f%3Fh', 'f%23i', '%F0%9F%98%80', 'a'.repeat(600)],
    ),
    weight: 3,
  },
);
const workflowName = fc.oneof(
  { arbitrary: fc.constantFrom(...workflowNames).map(encodeURIComponent), weight: 8 },
  { arbitrary: fc.constantFrom('none', 'wa%2F', 'wa;v=1', 'WA', '%ff'), weight: 1 },
);

const integers = fc.oneof(
  { arbitrary: fc.constantFrom('0', '1', '2', '5', '100', '-1'), weight: 3 },
  {
    arbitrary: fc.constantFrom(
      ...[
        '',
        '%20',
        '+5',
        '%2B5',
        '-5',
        '007',
        '0x5',
        '%235',
        '-0x5',
        '0x',
        '1.0',
        '1e2',
        'abc',
        '5%20',
        '1%202',
      ],
      ...[
        '2147483647',
        '2147483648',
        '-2147483648',
        '-2147483649',
        '9223372036854775807',
        '9223372036854775808',
      ],
      ...['%D9%A3', '1,2', '1_000', '%zz', 'null', '1L', '%EF%BC%95'],
    ),
    weight: 2,
  },
);
const truths = fc.constantFrom(
  ...[
    'true',
    'false',
    'TRUE',
    'on',
    'off',
    'yes',
    'no',
    '1',
    '0',
    '',
    '%20',
    '+true',
    'True%20',
    'x',
    '2',
    'null',
  ],
);
const times = fc.oneof(integers, fc.constantFrom('4102444800000', '1700000000000', '0'));
const cronQueries = fc.constantFrom(
  ...[
    '0+0+0+*+*+?',
    '0%200%200%2029%202%20?',
    '0+0+0+31+2+?',
    'bad',
    '',
    '@daily',
    '0+0+0+1W+*+*',
    '%ff',
    '+@yearly+',
  ],
  ...['0+0+0+L+*+?', '*/0+*+*+*+*+*', '0+0+9+?+*+MON%232', '0+0+0+1+1+*', '0%090+0+*+*+?'],
);
const queries = fc.oneof(
  fc.constantFrom(
    ...[
      '',
      '*',
      'ha',
      'hb',
      'hc',
      'none',
      'scheduleName+IN+(ha)',
      'scheduleName%20IN%20(ha,hb)',
      'state+IN+(FAILED)',
    ],
    ...[
      'state+IN+(EXECUTED)',
      'state+IN+(FAILED,EXECUTED)',
      'state+IN+()',
      'workflowName=w',
      'workflowName=%25',
    ],
    ...[
      'workflowName=',
      'workflowName=_',
      'executionId=x',
      'scheduledTime%3E1',
      'scheduledTime%3C1',
      'scheduledTime>1',
    ],
    ...[
      'scheduledTime%3Eabc',
      'scheduledTime%3E%209',
      'scheduleName+in+(ha)',
      'scheduleName=ha',
      "ha'",
      'ha%22',
    ],
    ...['ha+AND+hb', 'scheduleName+IN+(ha)+AND+state+IN+(EXECUTED)', '+ha+', 'state+IN+(NOPE)', 'h%25', 'h_'],
    ...[
      'scheduledTime%3E9223372036854775808',
      'scheduledTime%3C4102444800000',
      'scheduleName+IN+(+ha+,,+hb)',
    ],
    ...[
      'startTime%3E5',
      'ha+OR+hb',
      'status=FAILED',
      'scheduleName+IN+(ha)+AND+',
      'scheduleName%20%20IN+(ha)',
    ],
  ),
);
const sorts = fc.constantFrom(
  ...[
    'scheduledTime:DESC',
    'scheduledTime:ASC',
    'scheduleName',
    'scheduleName:ASC',
    'executionTime:desc',
    'nope:ASC',
  ],
  ...[
    'state:ASC,scheduledTime:DESC',
    '',
    ',',
    ':',
    'workflowName:ASC,executionTime:ASC',
    'scheduledTime',
    'a:b:c',
  ],
  ...['scheduledTime:ASC,', 'scheduleName:SIDEWAYS', 'state;DROP+TABLE+x'],
);
const anyText = fc.constantFrom(
  'wa',
  'wb',
  'none',
  '',
  '%20',
  'f',
  'F',
  '%25',
  '_',
  '%C3%A9',
  '%ff',
  '%zz',
  "'",
  'wa,wb',
);

type Values = { readonly [name: string]: fc.Arbitrary<string> };

/** Some of the parameters, some of them twice, now and then one without a value or with another name. */
function queryString(values: Values): fc.Arbitrary<string> {
  const parts = Object.entries(values).map(([name, value]) =>
    fc.oneof(
      { arbitrary: fc.constant<readonly string[]>([]), weight: 10 },
      { arbitrary: value.map((text): readonly string[] => [`${name}=${text}`]), weight: 8 },
      { arbitrary: fc.tuple(value, value).map((both) => both.map((text) => `${name}=${text}`)), weight: 1 },
      { arbitrary: fc.constant<readonly string[]>([name]), weight: 1 },
      { arbitrary: value.map((text): readonly string[] => [`${name.toUpperCase()}=${text}`]), weight: 1 },
    ),
  );
  return fc
    .tuple(fc.tuple(...parts), fc.constantFrom('&', '&', '&', '&', '&&'))
    .map(([chosen, joint]) => chosen.flat().join(joint))
    .map((text) => (text === '' ? '' : `?${text}`));
}

const contentTypes = fc.constantFrom(
  ...[
    'application/json; charset=utf-8',
    'application/json;charset=UTF-16',
    'application/json;charset=ISO-8859-1',
  ],
  ...[
    'application/json; charset="utf-8"',
    'application/json;charset=bogus',
    'application/json;charset=',
    'application/json;',
  ],
  ...[
    'APPLICATION/JSON',
    'application/problem+json',
    'application/vnd.x+json;v=1',
    'application/*+json',
    'application/*',
  ],
  ...['*/*', '*', 'text/plain', 'text/json', 'json', '/', 'application/', '/json', 'application/json;q=0.5'],
  ...[
    'application/json;q=2',
    'application/json; a b=c',
    'application/json, application/json',
    'application/jsonx',
  ],
  ...['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/octet-stream', ''],
  ...[
    'application/json;charset=windows-1252',
    'application/json;charset=US-ASCII',
    'application/json;charset=utf-32',
  ],
  ...["application/json;charset='utf-8'", 'text/html', '*/json', 'application/json;;charset=utf-8'],
);

const plainJson = 'Content-Type: application/json';
const typeHeader: fc.Arbitrary<readonly string[]> = fc.oneof(
  { arbitrary: fc.constant([plainJson]), weight: 14 },
  { arbitrary: contentTypes.map((type) => [`Content-Type: ${type}`]), weight: 3 },
  { arbitrary: fc.constant<readonly string[]>([]), weight: 1 },
);

const moreHeaders: fc.Arbitrary<readonly string[]> = fc.oneof(
  { arbitrary: fc.constant<readonly string[]>([]), weight: 12 },
  {
    arbitrary: fc.constantFrom<(readonly string[])[]>(
      ['Accept: application/json'],
      ['Accept: text/html'],
      ['Accept: application/xml'],
      ['Accept: nonsense'],
      ['Origin: http://x.example'],
      ['Origin: http://x.example', 'Access-Control-Request-Method: GET'],
      [
        'Origin: http://x.example',
        'Access-Control-Request-Method: POST',
        'Access-Control-Request-Headers: a',
      ],
      ['Origin: null'],
      ['Origin: http://localhost'],
      ['X-Authorization: t'],
      ['Accept-Encoding: gzip'],
      ['X-HTTP-Method-Override: DELETE'],
    ),
    weight: 1,
  },
);

type Shape = {
  readonly operation: string;
  readonly weight: number;
  readonly method: string;
  readonly path: fc.Arbitrary<string>;
  readonly query?: Values;
  readonly body?: fc.Arbitrary<string>;
};

const fixed = (path: string): fc.Arbitrary<string> => fc.constant(path);
const byName = (after: string): fc.Arbitrary<string> =>
  scheduleName.map((name) => `${schedules}/${name}${after}`);

const nameLists: fc.Arbitrary<Tree> = fc.oneof(
  { arbitrary: fc.array(fc.constantFrom<Tree[]>(...names, 'none'), { maxLength: 4 }), weight: 6 },
  fc.constantFrom<Tree[]>([null], ['fa', null], [['fa']], [{}], [true], {}, 'fa', [''], ['fa', 'fa']),
  fc.constantFrom<Tree[]>(Array(1000).fill('n'), Array(1001).fill('n')),
) as fc.Arbitrary<Tree>;

const definitionWithName: fc.Arbitrary<Tree> = fc
  .tuple(anyDefinition, fc.constantFrom(...workflowNames), fc.integer({ min: 0, max: 9 }))
  .map(([definition, name, kind]): Tree => {
    const rest = definition as { readonly [key: string]: Tree };
    if (kind === 0) return rest;
    const task = { name: 't', taskReferenceName: 't', type: 'SIMPLE' };
    const tasks = kind < 6 ? [task] : kind === 6 ? [task, task] : rest.tasks;
    return {
      ...rest,
      name,
      ...(tasks === undefined ? {} : { tasks }),
      ...(kind < 8 ? { schemaVersion: rest.schemaVersion ?? null } : {}),
    };
  })
  .map((definition): Tree => {
    const { schemaVersion, ...rest } = definition as { readonly [key: string]: Tree };
    return schemaVersion === null || schemaVersion === undefined ? rest : { ...rest, schemaVersion };
  });

const shapes: readonly Shape[] = [
  {
    operation: 'save',
    weight: 40,
    method: 'POST',
    path: fixed(schedules),
    query: { overwrite: truths },
    body: bodyText(anySchedule),
  },
  { operation: 'get', weight: 16, method: 'GET', path: byName('') },
  { operation: 'list', weight: 4, method: 'GET', path: fixed(schedules), query: { workflowName: anyText } },
  {
    operation: 'search definitions',
    weight: 10,
    method: 'GET',
    path: fixed(`${schedules}/search`),
    query: {
      start: integers,
      size: integers,
      paused: truths,
      scheduleName: anyText,
      workflowName: anyText,
      freeText: anyText,
      sort: sorts,
    },
  },
  { operation: 'delete', weight: 6, method: 'DELETE', path: byName('') },
  { operation: 'pause', weight: 8, method: 'PUT', path: byName('/pause'), query: { reason: anyText } },
  { operation: 'resume', weight: 8, method: 'PUT', path: byName('/resume') },
  {
    operation: 'bulk pause',
    weight: 4,
    method: 'PUT',
    path: fixed('/api/scheduler/bulk/pause'),
    body: bodyText(nameLists),
  },
  {
    operation: 'bulk resume',
    weight: 4,
    method: 'PUT',
    path: fixed('/api/scheduler/bulk/resume'),
    body: bodyText(nameLists),
  },
  { operation: 'pause all', weight: 1, method: 'GET', path: fixed('/api/scheduler/admin/pause') },
  { operation: 'resume all', weight: 1, method: 'GET', path: fixed('/api/scheduler/admin/resume') },
  { operation: 'requeue', weight: 1, method: 'GET', path: fixed('/api/scheduler/admin/requeue') },
  {
    operation: 'next few',
    weight: 8,
    method: 'GET',
    path: fixed('/api/scheduler/nextFewSchedules'),
    query: { cronExpression: cronQueries, scheduleStartTime: times, scheduleEndTime: times, limit: integers },
  },
  {
    operation: 'search executions',
    weight: 14,
    method: 'GET',
    path: fixed('/api/scheduler/search/executions'),
    query: { query: queries, start: integers, size: integers, sort: sorts, freeText: anyText },
  },
  { operation: 'tags', weight: 1, method: 'GET', path: byName('/tags') },
  {
    operation: 'tags',
    weight: 1,
    method: 'PUT',
    path: byName('/tags'),
    body: fixed('[{"key":"a","value":"b"}]'),
  },
  {
    operation: 'token',
    weight: 1,
    method: 'POST',
    path: fixed('/api/token'),
    body: fixed('{"keyId":"a","keySecret":"b"}'),
  },
  { operation: 'version', weight: 1, method: 'GET', path: fixed('/api/version') },
  { operation: 'health', weight: 1, method: 'GET', path: fixed('/health') },
  {
    operation: 'workflow create',
    weight: 8,
    method: 'POST',
    path: fixed('/api/metadata/workflow'),
    query: { overwrite: truths },
    body: bodyText(definitionWithName),
  },
  {
    operation: 'workflow update',
    weight: 4,
    method: 'PUT',
    path: fixed('/api/metadata/workflow'),
    body: bodyText(fc.array(definitionWithName, { maxLength: 2 }) as fc.Arbitrary<Tree>),
  },
  {
    operation: 'workflow get',
    weight: 4,
    method: 'GET',
    path: workflowName.map((name) => `/api/metadata/workflow/${name}`),
    query: { version: integers },
  },
  {
    operation: 'workflow names',
    weight: 1,
    method: 'GET',
    path: fixed('/api/metadata/workflow/names-and-versions'),
  },
  {
    operation: 'workflow delete',
    weight: 2,
    method: 'DELETE',
    path: fc
      .tuple(workflowName, integers)
      .map(([name, version]) => `/api/metadata/workflow/${name}/${version}`),
  },
  {
    operation: 'workflow start',
    weight: 4,
    method: 'POST',
    path: fixed('/api/workflow'),
    body: bodyText(anyStartRequest),
  },
  {
    operation: 'workflow run',
    weight: 1,
    method: 'GET',
    path: fc.constantFrom(
      '/api/workflow/none',
      '/api/workflow/%20',
      '/api/workflow/00000000-0000-0000-0000-000000000000',
    ),
    query: { includeTasks: truths },
  },
  // Nothing that a workflow does by itself: a real server does it when it comes to it.
  {
    operation: 'task poll',
    weight: 1,
    method: 'GET',
    path: fc.constantFrom('/api/tasks/poll/nobody', '/api/tasks/poll/n%20b'),
    query: { workerid: anyText, domain: anyText },
  },
  {
    operation: 'task batch poll',
    weight: 1,
    method: 'GET',
    path: fixed('/api/tasks/poll/batch/nobody'),
    query: { count: fc.constantFrom('1', '5', '', '%20', 'x', '2147483648') },
  },
  {
    operation: 'task get',
    weight: 1,
    method: 'GET',
    path: fc.constantFrom('/api/tasks/none', '/api/tasks/%C3%A9'),
  },
  {
    operation: 'task update',
    weight: 1,
    method: 'POST',
    path: fixed('/api/tasks'),
    body: bodyText(anyTaskResult),
  },
  {
    operation: 'workflow search',
    weight: 1,
    method: 'GET',
    path: fc.constantFrom(
      ...['x', "workflowId='none'", 'status+IN+(NOPE)', 'a+b+c'].map(
        (text) => `/api/workflow/search?query=${text}`,
      ),
    ),
  },
  {
    operation: 'workflow terminate',
    weight: 1,
    method: 'DELETE',
    path: fc.constantFrom('/api/workflow/none', '/api/workflow/%20'),
    query: { reason: anyText },
  },
  {
    operation: 'no route',
    weight: 2,
    method: 'GET',
    path: fc.constantFrom(
      ...[
        '/api',
        '/api/',
        '/api/nope',
        '/',
        '/nope',
        '/API/scheduler/schedules',
        '/api/scheduler/schedules/',
        '/api//version',
      ],
      ...[
        '/scheduler/schedules',
        '/api/scheduler',
        '/api/scheduler/schedules/fa/nope',
        '/api/version/',
        '/api/version;x=1',
      ],
      ...[
        '//api/version',
        '/api/./version',
        '/api/x/../version',
        '/%61pi/version',
        '/api/scheduler/schedules.json',
      ],
      ...[
        '/api/version?',
        '/api/version#a',
        '/api/version?a=b|c',
        '/api/version?a=<',
        '/api/version?a="',
        '/api/version?a=%zz',
      ],
    ),
  },
];

const verbs = fc.constantFrom(
  'GET',
  'POST',
  'PUT',
  'DELETE',
  'PATCH',
  'OPTIONS',
  'HEAD',
  'TRACE',
  'get',
  'FOO',
);

function requestOf(shape: Shape): fc.Arbitrary<FuzzRequest> {
  return fc
    .tuple(
      fc.oneof({ arbitrary: fc.constant(shape.method), weight: 24 }, { arbitrary: verbs, weight: 1 }),
      shape.path,
      queryString(shape.query ?? {}),
      moreHeaders,
      shape.body === undefined
        ? fc.oneof(
            { arbitrary: fc.constant(undefined), weight: 20 },
            { arbitrary: fc.constantFrom('{}', '', 'x', 'null'), weight: 1 },
          )
        : shape.body,
      typeHeader,
      encode,
    )
    .map(([method, path, query, more, text, type, encoded]): FuzzRequest => {
      const head = { operation: shape.operation, method, target: path + query };
      if (text === undefined) return { ...head, headers: more };
      return { ...head, headers: [...type, ...more], body: encoded(text) };
    });
}

/** Right and wrong requests of every operation. */
export const anyRequest: fc.Arbitrary<FuzzRequest> = fc.oneof(
  ...shapes.map((shape) => ({ arbitrary: requestOf(shape), weight: shape.weight })),
);

/** What the counts of a run must have. */
export const operations: readonly string[] = [...new Set(shapes.map(({ operation }) => operation))];
