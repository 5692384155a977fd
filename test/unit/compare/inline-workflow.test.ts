import { expect, it } from 'vitest';
import {
  containsDefinition,
  definitionInLettersOf,
  withoutDefaults,
} from '../../../src/compare/inline-workflow.ts';
import { type Json, parseJson, writeJson } from '../../../src/model/json.ts';

function json(text: string): Json {
  const parsed = parseJson(text);
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.value;
}

it.each<[string, string, string, boolean]>([
  ['a field that the server made whole', '{"timeoutSeconds":60}', '{"timeoutSeconds":60.0}', true],
  ['one of another value', '{"timeoutSeconds":61}', '{"timeoutSeconds":60}', false],
  ['one that is not there', '{}', '{"timeoutSeconds":60}', false],
  ['one within an object', '{"rateLimit":{"limit":3}}', '{"rateLimit":{"limit":3.0}}', true],
  ['one of a task', '{"tasks":[{"retry":1,"type":"X"}]}', '{"tasks":[{"retry":1.0}]}', true],
  ['a number in a map of anything', '{"inputParameters":{"n":1}}', '{"inputParameters":{"n":1.0}}', false],
  ['a list of that name', '{"inputParameters":[1]}', '{"inputParameters":[1.0]}', true],
  ['more in the stored map', '{"variables":{"a":1,"b":2}}', '{"variables":{"a":1}}', true],
  ['a task less', '{"tasks":[]}', '{"tasks":[{}]}', false],
  ['a task more', '{"tasks":[{},{}]}', '{"tasks":[{}]}', false],
  ['a text for an object', '{"rateLimit":"x"}', '{"rateLimit":{}}', false],
  ['a text for a list', '{"tasks":"x"}', '{"tasks":[]}', false],
])('%s: %s has all of %s: %s', (_what, stored, written, has) => {
  expect(containsDefinition(json(stored), json(written), 'kind')).toBe(has);
});

it.each<[string, string, string]>([
  ['{"timeoutSeconds":60}', '{"timeoutSeconds":60.0}', '{"timeoutSeconds":60}'],
  ['{"timeoutSeconds":61}', '{"timeoutSeconds":60.0}', '{"timeoutSeconds":60.0}'],
  [
    '{"tasks":[{"retry":1}]}',
    '{"tasks":[{"retry":1.0},{"retry":2.0}]}',
    '{"tasks":[{"retry":1},{"retry":2.0}]}',
  ],
  ['{"tasks":"x"}', '{"tasks":[1.0]}', '{"tasks":[1.0]}'],
  ['{"inputParameters":{"n":1}}', '{"inputParameters":{"n":1.0}}', '{"inputParameters":{"n":1.0}}'],
  ['{"rateLimit":{"limit":3}}', '{"rateLimit":{"limit":3.0}}', '{"rateLimit":{"limit":3}}'],
  ['{"rateLimit":3}', '{"rateLimit":{"limit":3.0}}', '{"rateLimit":{"limit":3.0}}'],
])('what %s has of %s stays as written: %s', (stored, written, letters) => {
  expect(writeJson(definitionInLettersOf(json(stored), json(written), 'kind'))).toBe(letters);
});

it.each<[string, string, string]>([
  ['{"name":"w","timeoutSeconds":0,"restartable":true}', '{"name":"w"}', '{"name":"w"}'],
  ['{"timeoutSeconds":0.0}', '{}', '{}'],
  ['{"timeoutSeconds":0}', '{"timeoutSeconds":0}', '{"timeoutSeconds":0}'],
  ['{"timeoutSeconds":5}', '{}', '{"timeoutSeconds":5}'],
  [
    '{"tasks":[{"optional":false,"type":"SIMPLE","name":"t"}]}',
    '{"tasks":[{"type":"SIMPLE"}]}',
    '{"tasks":[{"type":"SIMPLE","name":"t"}]}',
  ],
  ['{"tasks":[{"optional":false}]}', '{"tasks":"x"}', '{"tasks":[{}]}'],
  ['{"variables":{"optional":false}}', '{}', '{"variables":{"optional":false}}'],
  ['{"variables":{}}', '{}', '{}'],
  ['{"inputParameters":[]}', '{}', '{}'],
  ['{"inputParameters":{}}', '{}', '{}'],
  ['{"inputParameters":[1]}', '{}', '{"inputParameters":[1]}'],
  ['{"rateLimit":{"optional":false,"limit":1}}', '{"rateLimit":{}}', '{"rateLimit":{"limit":1}}'],
  ['{"toString":0}', '{}', '{"toString":0}'],
])('%s without the defaults that %s leaves out is %s', (stored, written, left) => {
  expect(writeJson(withoutDefaults(json(stored), json(written)))).toBe(left);
});

it('every default of Conductor that is left out is left out again', () => {
  const filled = `{"createTime":0,"updateTime":0,"version":1,"schemaVersion":2,"tasks":[],"inputParameters":[],
    "outputParameters":{},"variables":{},"inputTemplate":{},"metadata":{},"maskedFields":[],"restartable":true,
    "workflowStatusListenerEnabled":false,"timeoutPolicy":"ALERT_ONLY","timeoutSeconds":0,"enforceSchema":true,
    "type":"SIMPLE","decisionCases":{},"defaultCase":[],"forkTasks":[],"startDelay":0,"joinOn":[],"optional":false,
    "defaultExclusiveJoinTask":[],"asyncComplete":false,"loopOver":[],"onStateChange":{},"permissive":false}`;
  expect(writeJson(withoutDefaults(json(filled), {}))).toBe('{}');
});
