import { describe, expect, it, test } from 'vitest';
import type { FailureKind } from '../../../src/model/generated/report-parts.ts';
import type { Outcome } from '../../../src/model/port.ts';
import { errorOf, noRoute, type Scripted, scripted } from './scripted.ts';

function kindOf(outcome: Outcome<unknown>): FailureKind | 'ok' {
  return outcome.ok ? 'ok' : outcome.failure.kind;
}

describe('the versions of workflows', () => {
  it('are read by name, ascending', async () => {
    const json = {
      b: [
        { name: 'b', version: 10 },
        { name: 'b', version: 9 },
      ],
      a: [],
      __proto: [{ version: 'x' }],
    };
    const { connection, sent } = scripted([{ json }]);
    expect(await connection.workflows.versions()).toEqual({
      ok: true,
      value: new Map([
        ['b', [9, 10]],
        ['a', []],
        ['__proto', []],
      ]),
    });
    expect(sent).toEqual(['GET /metadata/workflow/names-and-versions']);
  });

  test.each<readonly [string, Scripted, FailureKind]>([
    ['no right', errorOf(403, 'no'), 'forbidden'],
    ['no such route', noRoute, 'unsupported'],
    ['a list', { json: [] }, 'shape'],
    ['no lists in it', { json: { a: 1 } }, 'shape'],
    ['a page', { text: '<html>', headers: { 'content-type': 'text/html' } }, 'html'],
    ['another status', errorOf(500, 'broken'), 'status'],
  ])('are not: %s', async (_what, answer, kind) => {
    expect(kindOf(await scripted([answer]).connection.workflows.versions())).toBe(kind);
  });
});

describe('the inputs of a workflow', () => {
  test.each<readonly [string, object, object]>([
    ['nothing said', {}, { required: [] }],
    ['parameters', { inputParameters: ['a', 'b', 'a'] }, { declared: ['a', 'b'], required: [] }],
    ['a template', { inputTemplate: { a: 1 } }, { declared: ['a'], required: [] }],
    [
      'a schema',
      { inputSchema: { data: { properties: { a: {}, b: {} }, required: ['a'] } } },
      { declared: ['a', 'b'], required: ['a'] },
    ],
    [
      'a schema whose key has a default',
      { inputTemplate: { a: 1 }, inputSchema: { data: { properties: { a: {} }, required: ['a'] } } },
      { declared: ['a'], required: [] },
    ],
    [
      'a schema that takes any key',
      { inputSchema: { data: { properties: { a: {} }, additionalProperties: true, required: ['a'] } } },
      { required: ['a'] },
    ],
    [
      'a schema elsewhere',
      { inputParameters: ['a'], inputSchema: { name: 's', version: 1 } },
      { required: [] },
    ],
    ['odd values', { inputParameters: 'a', inputTemplate: [], inputSchema: 1 }, { required: [] }],
  ])('%s', async (_what, definition, value) => {
    const { connection, sent } = scripted([{ json: { name: 'w', version: 3, ...definition } }]);
    expect(await connection.workflows.inputs('w', 3)).toEqual({ ok: true, value });
    expect(sent).toEqual(['GET /metadata/workflow/w?version=3']);
  });

  it('are null when the server says that there is no such workflow', async () => {
    const missing = errorOf(404, 'No such workflow found by name: w/x, version: null');
    const { connection, sent } = scripted([missing]);
    expect(await connection.workflows.inputs('w x')).toEqual({ ok: true, value: null });
    expect(sent).toEqual(['GET /metadata/workflow/w%20x']);
  });

  test.each<readonly [string, Scripted, FailureKind]>([
    ['no right', errorOf(403, 'no'), 'forbidden'],
    ['no such route', noRoute, 'unsupported'],
    ["a gateway's 404", { status: 404, text: 'not found' }, 'unsupported'],
    ['something else', { json: { versions: [] } }, 'shape'],
  ])('are not known: %s', async (_what, answer, kind) => {
    expect(kindOf(await scripted([answer]).connection.workflows.inputs('w'))).toBe(kind);
  });
});
