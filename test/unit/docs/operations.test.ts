import { expect, it } from 'vitest';
import { commands } from '../../../src/argv/commands.ts';
import { operations } from '../../../src/conductor/routes.ts';
import { type ServedType, serverTypes } from '../../../src/scheduler/server-types.ts';
import type { WireResponse } from '../../../src/scheduler/wire.ts';
import { type SchedulerOperation, schedulerOperations } from '../../contract/operations.ts';
import { expectGenerated } from '../../support/pages.ts';
import { scheduleBody, testScheduler } from '../../support/scheduler.ts';

/** The table of operations in docs/servers.md, made from what the local scheduler answers in each server type. */

const served = Object.keys(serverTypes) as ServedType[];

function isUnknown({ status, body }: WireResponse): boolean {
  return status === 405 || /No static resource|Request method '\w+' is not supported/.test(body);
}

function answerText({ status, body }: WireResponse): string {
  if (body === '') return `${status}, empty`;
  const value: unknown = JSON.parse(body);
  if (Array.isArray(value)) return `${status}, list`;
  return body === '{}' ? `${status}, \`{}\`` : `${status}, object`;
}

/** What the first form of the operation that this server knows answers; the verb where it is not the usual one. */
function cell({ operation }: SchedulerOperation, serverType: ServedType): string {
  const { forms } = operations[operation];
  for (const form of forms) {
    const scheduler = testScheduler({ serverType });
    const tag = { key: 'team', value: 'data' };
    scheduler.put(scheduleBody('a', { paused: operation === 'resume' }), [tag]);
    const query = {
      'next few': '?cronExpression=@daily',
      'search executions': '?query=a',
      save: '?overwrite=true',
    }[operation as string];
    const body = operation === 'save' ? scheduleBody('a') : operation.startsWith('tags') ? [tag] : undefined;
    const { token = '' } = serverTypes[serverType].routes.token.length
      ? (JSON.parse(scheduler.ask('POST', '/api/token', {}).body) as { token: string })
      : {};
    const answer = scheduler.ask(form.method, `/api${form.path.replace('{name}', 'a')}${query ?? ''}`, body, {
      'x-authorization': token,
    });
    if (isUnknown(answer)) continue;
    const [usual] = forms;
    const other = form.path === usual.path ? form.method : `${form.method} \`${form.path}\``;
    return `${form === usual ? '' : `${other}: `}${answerText(answer)}`;
  }
  return '–';
}

function operationTable(): string {
  const rows = schedulerOperations.map((one) => {
    const { method, path } = operations[one.operation].forms[0];
    const used = one.commands.map((name) => `\`${name}\``).join(', ');
    const cells = served.map((serverType) => cell(one, serverType)).join(' | ');
    const tested = one.onRealServer ? 'real and local' : 'local';
    return `| ${one.operation} | ${used} | ${method} \`${path}\` | ${cells} | ${tested} |`;
  });
  return [
    `| operation | used by | request | ${served.join(' | ')} | tested on |`,
    `|---|---|---|${served.map(() => '---|').join('')}---|`,
    ...rows,
  ].join('\n');
}

it('has the fourteen operations with what each server type answers (UPDATE_GOLDEN=1 rewrites it)', () => {
  expectGenerated('docs/servers.md', 'operations', operationTable());
});

it('names fourteen operations, each once, with existing commands', () => {
  expect(new Set(schedulerOperations.map(({ operation }) => operation)).size).toBe(14);
  const known = commands.map(({ name }) => name);
  for (const { commands: used } of schedulerOperations) {
    expect(used.length).toBeGreaterThan(0);
    expect(known).toEqual(expect.arrayContaining([...used]));
  }
});

it('an operation that is tested on the real server is one that the client sends there', () => {
  for (const one of schedulerOperations) expect(cell(one, 'oss-2') !== '–').toBe(one.onRealServer);
});
