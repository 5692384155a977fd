import { describe, expect, it } from 'vitest';
import { type Json, parseJson, writeJson } from '../../../../src/model/json.ts';
import { readJson } from '../../../../src/scheduler/body/json-reader.ts';
import { readSave } from '../../../../src/scheduler/body/record.ts';

function saved(text: string): ReturnType<typeof readSave> {
  const body = readJson(text);
  if (!body.ok) throw new Error(body.why);
  return readSave(body.value, true);
}

function field(text: string, path: readonly string[], of: 'answer' | 'stored' = 'stored'): Json | undefined {
  const read = saved(text);
  if (!read.ok) return `refused: ${read.why}`;
  return path.reduce<Json | undefined>(
    (value, key) => (value as { readonly [key: string]: Json } | undefined)?.[key],
    read[of],
  );
}

const request = (fields: string): string => `{"name":"s","startWorkflowRequest":{"name":"w",${fields}}}`;

// Seen on Conductor 3.32.1.
describe('coerces', () => {
  it.each([
    ['"2"', '2'],
    ['" 7 "', '7'],
    ['"+7"', '7'],
    ['"007"', '7'],
    ['"٣"', '3'],
    ['1.9', '1'],
    ['-1.9', '-1'],
    ['1e2', '100'],
    ['""', 'nothing'],
    ['"null"', 'nothing'],
    ['null', 'nothing'],
    ['"1e2"', 'refused'],
    ['"1.0"', 'refused'],
    ['"0x10"', 'refused'],
    ['2147483648', 'refused'],
    ['1e400', 'refused'],
    ['true', 'refused'],
    ['[1]', 'refused'],
    ['{}', 'refused'],
  ])('the version %s to %s', (written, kept) => {
    const value = field(request(`"version":${written}`), ['startWorkflowRequest', 'version']);
    const words = value === undefined ? 'nothing' : writeJson(value);
    expect(words.startsWith('"refused') ? 'refused' : words).toBe(kept);
  });

  it.each([
    ['"True"', 'true'],
    ['2', 'true'],
    ['-0', 'false'],
    ['""', 'false'],
    ['"null"', 'false'],
    ['null', 'false'],
    ['1.0', 'refused'],
    ['"1"', 'refused'],
    ['"yes"', 'refused'],
    ['"tRUE"', 'refused'],
    ['[true]', 'refused'],
  ])('paused %s to %s', (written, kept) => {
    const value = String(
      field(`{"name":"s","paused":${written},"startWorkflowRequest":{"name":"w"}}`, ['paused']),
    );
    expect(value.startsWith('refused') ? 'refused' : value).toBe(kept);
  });

  it('numbers in free-form input to what Java writes, also those beyond a double', () => {
    const input = field(request('"input":{"a":1e400,"b":-1e400,"c":1e-400,"d":1e21,"e":-0,"f":1.50}'), [
      'startWorkflowRequest',
      'input',
    ]);
    expect(writeJson(input ?? null)).toBe(
      '{"a":"Infinity","b":"-Infinity","c":0.0,"d":1.0E21,"e":0,"f":1.5}',
    );
  });

  it('half of a character to a question mark, once it is stored', () => {
    const text = '{"name":"s","description":"\\ud800","startWorkflowRequest":{"name":"w"}}';
    expect(field(text, ['description'], 'answer')).toBe('\ud800');
    expect(field(text, ['description'])).toBe('?');
  });

  it('a repeated key by its last value, and refuses a wrong one before it', () => {
    expect(field('{"name":"a","name":"b","startWorkflowRequest":{"name":"w"}}', ['name'])).toBe('b');
    expect(field('{"name":["a"],"name":"b","startWorkflowRequest":{"name":"w"}}', ['name'])).toMatch(
      /^refused/,
    );
  });
});

describe('an inline definition', () => {
  const definition = (text: string, of: 'answer' | 'stored' = 'stored') =>
    field(request(`"workflowDef":${text}`), ['startWorkflowRequest', 'workflowDef'], of);

  it.each([
    ['{"timeoutPolicy":"nope"}'],
    ['{"timeoutPolicy":""}'],
    ['{"timeoutPolicy":1.0}'],
    ['{"timeoutPolicy":7}'],
    ['{"timeoutPolicy":"01"}'],
    ['{"timeoutPolicy":[1]}'],
    ['{"tasks":{}}'],
    ['{"version":"x"}'],
    ['{"inputSchema":{"type":"XML"}}'],
    ['{"tasks":[{"workflowTaskType":null}]}'],
    ['{"tasks":[{"subWorkflowParam":{"workflowDefinition":"abc"}}]}'],
    ['{"tasks":[{"onStateChange":{"a":{}}}]}'],
    ['[]'],
    ['""'],
  ])('%s is refused', (text) => {
    expect(definition(text)).toMatch(/^refused/);
  });

  it('drops what it does not know and coerces what it knows', () => {
    const kept = definition(
      '{"unknown":1,"version":1.5,"restartable":1,"timeoutPolicy":1,"inputParameters":[1,null,true]}',
    );
    expect(kept).toMatchObject({
      version: 1,
      restartable: true,
      timeoutPolicy: 'ALERT_ONLY',
      inputParameters: ['1', null, 'true'],
    });
    expect(kept).not.toHaveProperty('unknown');
  });

  it('has zeros for null primitives, and defaults for null objects once it is stored', () => {
    const text = '{"version":null,"schemaVersion":null,"restartable":null,"tasks":null,"timeoutPolicy":null}';
    const zeros = { version: 0, schemaVersion: 0, restartable: false };
    expect(definition(text, 'answer')).toMatchObject(zeros);
    expect(definition(text, 'answer')).not.toHaveProperty('tasks');
    expect(definition(text)).toMatchObject({ ...zeros, tasks: [], timeoutPolicy: 'ALERT_ONLY' });
  });

  it('reads a text as the name of a task definition', () => {
    expect(definition('{"tasks":[{"taskDefinition":"t"}]}')).toMatchObject({
      tasks: [{ taskDefinition: { name: 't', retryCount: 3 } }],
    });
  });

  it('of a sub-workflow gives it its name and version', () => {
    const text =
      '{"tasks":[{"subWorkflowParam":{"name":"a","version":"2","workflowDefinition":{"name":"q"}}}]}';
    expect(definition(text)).toMatchObject({
      tasks: [{ subWorkflowParam: { name: 'q', version: 1, workflowDefinition: { schemaVersion: 2 } } }],
    });
  });
});

it('reads back what it wrote', () => {
  const read = saved(request('"input":{"a":1.0,"b":null},"taskToDomain":{"x":1.50,"y":null}'));
  const again = read.ok ? parseJson(writeJson(read.stored)) : undefined;
  const twice = again?.ok ? readSave(again.value, true) : undefined;
  expect(twice?.ok && writeJson(twice.stored)).toBe(read.ok && writeJson(read.stored));
});
