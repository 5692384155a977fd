import { operations } from '../../src/conductor/routes.ts';
import type { Operation } from '../../src/model/port.ts';

/** One of the fourteen operations that Conductor's own scheduler clients have. */
export interface SchedulerOperation {
  readonly operation: Operation;
  /** The commands that use it. */
  readonly commands: readonly string[];
  /** The real OSS server has it, so the contract is held against that too; else against the local scheduler alone. */
  readonly onRealServer: boolean;
}

const tags = {
  commands: ['plan', 'apply', 'drift', 'status', 'show', 'audit', 'history', 'pause', 'resume'],
  onRealServer: false,
} as const;

export const schedulerOperations: readonly SchedulerOperation[] = [
  { operation: 'save', commands: ['apply'], onRealServer: true },
  { operation: 'get', commands: ['apply', 'pause', 'resume'], onRealServer: true },
  {
    operation: 'list',
    commands: [
      ...['plan', 'apply', 'drift', 'load', 'next', 'agenda', 'status', 'show', 'audit', 'history'],
      ...['pause', 'resume'],
    ],
    onRealServer: true,
  },
  { operation: 'delete', commands: ['apply'], onRealServer: true },
  { operation: 'pause', commands: ['apply', 'pause', 'audit'], onRealServer: true },
  { operation: 'resume', commands: ['apply', 'resume', 'audit'], onRealServer: true },
  { operation: 'pause all', commands: ['pause'], onRealServer: true },
  { operation: 'resume all', commands: ['resume'], onRealServer: true },
  { operation: 'requeue', commands: ['requeue'], onRealServer: true },
  { operation: 'next few', commands: ['next'], onRealServer: true },
  {
    operation: 'search executions',
    commands: ['drift', 'status', 'show', 'audit', 'history'],
    onRealServer: true,
  },
  { operation: 'tags get', ...tags },
  { operation: 'tags set', commands: ['apply'], onRealServer: false },
  { operation: 'tags delete', commands: ['apply'], onRealServer: false },
];

/** The operation that a request was, by its method and its path below the server's base. */
export function operationOf(method: string, path: string): Operation | undefined {
  const found = (Object.keys(operations) as Operation[]).find((operation) =>
    operations[operation].forms.some((form) => {
      const pattern = form.path.split('{name}').map(escaped).join('[^/]+');
      return form.method === method && new RegExp(`^${pattern}$`).test(path);
    }),
  );
  return found;
}

function escaped(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, '\\$&');
}
