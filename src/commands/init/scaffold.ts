import configSchema from '../../../schemas/config.schema.json' with { type: 'json' };
import scheduleSchema from '../../../schemas/schedule.schema.json' with { type: 'json' };
import { nearestKey } from '../../manifest/nearest.ts';
import { type ExitCode, exitCodes } from '../../model/exit.ts';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { wrap } from '../../report/text/wrap.ts';
import type { Run } from '../../run/run.ts';
import { fieldAt } from '../explain/schema-field.ts';

/** A file with all its fields, from its schema. */
type Scaffold = {
  readonly schema: JsonObject;
  readonly root: string;
  /** What is known to editors, with the command that writes the schema. */
  readonly first: string;
  /** Fields that take the place of others, or need a file: they are shown in words only. */
  readonly inWords: readonly string[];
};

const scaffolds: { readonly [name: string]: Scaffold } = {
  schedule: {
    schema: scheduleSchema as unknown as JsonObject,
    root: 'schedule',
    first: 'A manifest: one schedule.',
    inWords: [
      ...['cronSchedules', 'except', 'only'],
      ...['startWorkflowRequest.workflowDef', 'startWorkflowRequest.externalInputPayloadStoragePath'],
    ],
  },
  config: {
    schema: configSchema as unknown as JsonObject,
    root: 'config',
    first: 'The configuration: downbeat.yaml.',
    inWords: ['policies', 'calendars', 'workflows'],
  },
};

/** Prints a file with every field, each with its meaning and an example. */
export async function run(run: Run): Promise<ExitCode> {
  const { argument = 'schedule' } = run.request;
  const scaffold = Object.hasOwn(scaffolds, argument) ? scaffolds[argument] : undefined;
  if (scaffold === undefined) {
    const names = Object.keys(scaffolds);
    const nearest = nearestKey(argument, names);
    return run.refuse({
      message: `unknown scaffold ${JSON.stringify(argument)}`,
      hint:
        nearest === undefined
          ? `there are ${names.join(' and ')}`
          : `did you mean ${JSON.stringify(nearest)}?`,
    });
  }
  run.print(textOf(scaffold));
  return exitCodes.fine;
}

// A line of prose begins with `# `, a field that is left out with `#`: without that it is the field.
const width = 100;

function textOf(scaffold: Scaffold): string {
  // YAML has comments of its own.
  const fields = (fieldAt(scaffold.schema, scaffold.root, [])?.fields ?? []).filter(
    ({ path }) => path !== '$comment',
  );
  return `${[
    `# ${scaffold.first} Remove the # in front of a field to set it.`,
    ...fields.flatMap(({ path }) => ['', ...linesOf(scaffold, path.split('.'), false)]),
  ].join('\n')}\n`;
}

// Of a field with more below it, its example is enough.
const mostBelow = 20;

function linesOf(scaffold: Scaffold, path: readonly string[], isLeftOut: boolean): readonly string[] {
  const facts = fieldAt(scaffold.schema, scaffold.root, path);
  if (facts === undefined) return [];
  const margin = '  '.repeat(path.length - 1);
  const key = path.at(-1) ?? '';
  const prose = facts.description === undefined ? [] : wrap(facts.description, width, `${margin}# `);
  const example = facts.example === undefined ? undefined : (JSON.parse(facts.example) as Json);
  if (scaffold.inWords.includes(facts.path))
    return [...prose, `${margin}# Such as: ${key}: ${flow(example ?? {})}`];
  const isOut = isLeftOut || (!facts.isRequired && !isUsual(facts.path));
  const mark = isOut ? '#' : '';
  const known = facts.fields.map((field) => field.path.slice(facts.path.length + 1));
  const isNamed = !isObject(example) || Object.keys(example).every((name) => known.includes(name));
  if (example !== undefined && (known.length === 0 || known.length > mostBelow || !isNamed))
    return [...prose, `${mark}${margin}${key}: ${flow(example)}`];
  return [
    ...prose,
    `${mark}${margin}${key}:`,
    ...facts.fields.flatMap((field) => linesOf(scaffold, field.path.split('.'), isOut)),
  ];
}

/** A value on one line, in quotes only where YAML, of whatever age, would read another one. */
function flow(value: Json): string {
  if (typeof value === 'string')
    return /^[a-z]\w*(?:[-/.]\w+)*$/i.test(value) && !/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(value)
      ? value
      : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  return isObject(value)
    ? `{${Object.entries(value)
        .map(([key, item]) => `${flow(key)}: ${flow(item)}`)
        .join(', ')}}`
    : String(value);
}

/** Not required by the schema, and in every file: without it, nothing fires or nothing is found. */
function isUsual(path: string): boolean {
  return ['cronExpression', 'manifests'].includes(path);
}
