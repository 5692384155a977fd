import type { EnvironmentEntry } from '../manifest/resolve/config.ts';
import type { Variable } from '../manifest/resolve/substitute.ts';
import type { VariableValue } from '../model/config.ts';
import { isNumber, parseJson } from '../model/json.ts';
import type { FieldPath, Origin } from '../model/schedule.ts';
import { refuse, type Settled } from './settings.ts';

/** An environment of the configuration and where it is there. */
export interface ChosenEnvironment {
  readonly name: string;
  readonly entry: EnvironmentEntry;
  readonly path: FieldPath;
}

const assignment = /^(?<name>[A-Za-z_][A-Za-z0-9_-]*)=(?<value>[\s\S]*)$/;

/**
 * The environment's variables with those of `--var NAME=VALUE` over them. What is typed is text; where the environment
 * has a number or a truth value of that name, it is read as one.
 */
export function variablesOf(
  typed: readonly string[],
  environment: ChosenEnvironment | undefined,
  origin: Origin,
): Settled<ReadonlyMap<string, Variable>> {
  const variables = new Map<string, Variable>();
  for (const [name, value] of Object.entries(environment?.entry.variables ?? {}))
    variables.set(name, { value, origin, at: [...(environment?.path ?? []), 'variables', name] });
  const seen = new Set<string>();
  for (const one of typed) {
    const { name, value: text } = assignment.exec(one)?.groups ?? {};
    if (name === undefined || text === undefined)
      return refuse(`--var ${JSON.stringify(one)} is not NAME=VALUE`, 'for example --var region=eu-1');
    if (seen.has(name)) return refuse(`duplicate --var ${name}`, 'set each variable once');
    seen.add(name);
    const value = readAs(text, variables.get(name)?.value);
    if (value === undefined) {
      const type = typeof variables.get(name)?.value === 'boolean' ? 'true or false' : 'a number';
      return refuse(
        `--var ${name} must be ${type}, as in the configuration`,
        'or make it a text there, in quotes',
      );
    }
    variables.set(name, { value });
  }
  return { ok: true, value: variables };
}

/** A text as a value of the type that another value has; undefined when it is none. */
function readAs(text: string, like: VariableValue | undefined): VariableValue | undefined {
  if (like === undefined || typeof like === 'string') return text;
  const parsed = parseJson(text);
  if (!parsed.ok) return undefined;
  const { value } = parsed;
  if (typeof like === 'boolean') return typeof value === 'boolean' ? value : undefined;
  return isNumber(value) ? value : undefined;
}
