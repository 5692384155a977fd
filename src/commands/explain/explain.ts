import configSchema from '../../../schemas/config.schema.json' with { type: 'json' };
import policiesSchema from '../../../schemas/policies.schema.json' with { type: 'json' };
import scheduleSchema from '../../../schemas/schedule.schema.json' with { type: 'json' };
import { nearestKey } from '../../manifest/nearest.ts';
import { type ExitCode, exitCodes } from '../../model/exit.ts';
import type { JsonObject } from '../../model/json.ts';
import { demandWords } from '../../policies/demand-words.ts';
import { type DiagnosticCode, definitions } from '../../problems/codes.ts';
import { remedyOf } from '../../problems/explain.ts';
import { terminalText } from '../../report/text/escape.ts';
import { wrap } from '../../report/text/wrap.ts';
import { settle } from '../../run/prologue.ts';
import type { Run } from '../../run/run.ts';
import { aboutPolicies, type TeamPolicies, teamPoliciesOf } from '../../run/team-policies.ts';
import { type FieldFacts, fieldAt, fieldPaths } from './schema-field.ts';

/** A file whose fields can be explained. `prefix` is how its fields are told from those of a manifest. */
type Explained = {
  readonly schema: JsonObject;
  readonly root: string;
  readonly prefix: string;
  readonly what: string;
  readonly documented: string;
};

const files: readonly Explained[] = [
  {
    schema: scheduleSchema as unknown as JsonObject,
    root: 'schedule',
    prefix: '',
    what: 'a manifest',
    documented: 'docs/reference/manifest.md, `downbeat schema schedule`',
  },
  {
    schema: configSchema as unknown as JsonObject,
    root: 'config',
    prefix: 'config',
    what: 'the configuration',
    documented: 'docs/reference/configuration.md, `downbeat schema config`',
  },
  {
    schema: policiesSchema as unknown as JsonObject,
    root: 'policy',
    prefix: 'policies',
    what: 'a file of policies',
    documented: 'docs/policies.md, `downbeat schema policies`',
  },
];

/** Says what a field, a code or a policy means. */
export async function run(run: Run): Promise<ExitCode> {
  const { argument, options } = run.request;
  if (argument === undefined) {
    run.print(overview());
    return exitCodes.fine;
  }
  const { width } = run;
  if (Object.hasOwn(definitions, argument)) {
    run.print(ofCode(argument as DiagnosticCode, width));
    return exitCodes.fine;
  }
  const field = ofField(argument, width);
  if (field !== undefined) {
    run.print(field);
    return exitCodes.fine;
  }
  // Only a policy needs the configuration, and the argument is not a directory.
  const settled = settle(run, { command: 'explain', options });
  if (settled.kind === 'ended') return settled.code;
  const policies = await teamPoliciesOf(run.files, settled.value.config);
  const policy = policies && ofPolicy(argument, policies, width);
  if (policy !== undefined) {
    run.print(policy);
    return exitCodes.fine;
  }
  // A policy that is not among them may be one of those that cannot be read.
  if (policies !== undefined && policies.diagnostics.length > 0)
    return run.fail(aboutPolicies(policies, policies.diagnostics));
  const nearest = nearestKey(argument, [
    ...files.flatMap(({ schema, root, prefix }) =>
      fieldPaths(schema, root).map((path) => (prefix === '' ? path : `${prefix}.${path}`)),
    ),
    ...Object.keys(definitions),
    ...(policies?.names ?? []),
  ]);
  return run.refuse({
    message: `no field, code or policy is named ${JSON.stringify(argument)}`,
    hint:
      nearest === undefined
        ? '`downbeat explain` without an argument lists the fields of a manifest'
        : `did you mean ${JSON.stringify(nearest)}?`,
  });
}

function overview(): string {
  const [manifest, ...others] = files.map(({ schema, root, prefix, what }) => {
    const fields = fieldAt(schema, root, [])?.fields ?? [];
    const dotted = prefix === '' ? fields : fields.map((one) => ({ ...one, path: `${prefix}.${one.path}` }));
    return `Fields of ${what}:\n${fieldRows(dotted)}`;
  });
  return `${[manifest, ...others].join('\n')}\nA code, such as clock-change, and the name of a policy can be explained as well.\n`;
}

function ofField(argument: string, width: number): string | undefined {
  const path = argument.split('.').filter((part) => part !== '');
  const [first = ''] = path;
  const named = files.find(({ prefix }) => prefix !== '' && prefix === first);
  // `policies` is a field of the configuration, too: without a name it is the file.
  const candidates = named === undefined ? files : [named];
  for (const { schema, root, prefix, what, documented } of candidates) {
    const facts = fieldAt(schema, root, named === undefined ? path : path.slice(1));
    if (facts === undefined) continue;
    const full = [...(named === undefined && prefix !== '' ? [prefix] : []), ...path].join('.');
    return sections(
      [
        ['FIELD', `${full}  <${facts.type}>${facts.isRequired ? '  required' : ''}`],
        ['IN', what],
        ['MEANING', facts.description],
        ['DEFAULT', facts.default],
        ['EXAMPLE', facts.example],
        ['DOCUMENTED', documented],
      ],
      width,
      prefix === '' ? facts.fields : facts.fields.map((one) => ({ ...one, path: `${prefix}.${one.path}` })),
    );
  }
  return undefined;
}

function ofCode(code: DiagnosticCode, width: number): string {
  const definition = definitions[code];
  const { page } = definition;
  const isRule = definition.fix !== undefined;
  return sections(
    [
      ['CODE', `${code}  <${isRule ? 'rule' : 'error'}>`],
      ['MEANING', definition.means],
      [
        'DEFAULT',
        isRule
          ? `${definition.severity}; off, warning or error by \`rules\` in the configuration`
          : undefined,
      ],
      ['WHAT TO DO', remedyOf(code)],
      ['EXAMPLE', isRule ? `# downbeat: allow ${code} because …` : undefined],
      ['DOCUMENTED', `${page === undefined ? '' : `docs/${page}, `}docs/reference/rules-and-problems.md`],
    ],
    width,
  );
}

function ofPolicy(name: string, { policies, source }: TeamPolicies, width: number): string | undefined {
  const entry = policies.find((policy) => policy.entry.name === name)?.entry;
  if (entry === undefined) return undefined;
  return sections(
    [
      ['POLICY', `${name}  <${entry.severity ?? 'error'}>`],
      ['MEANING', entry.description],
      ['DEMANDS', demandWords(entry).join('; ')],
      ['WHERE', entry.where === undefined ? 'every schedule' : JSON.stringify(entry.where)],
      ['EXCEPT', entry.except === undefined ? undefined : JSON.stringify(entry.except)],
      ['EXAMPLE', `# downbeat: allow ${name} because …`],
      ['DOCUMENTED', source?.path],
    ],
    width,
  );
}

function sections(
  rows: readonly (readonly [heading: string, text: string | undefined])[],
  width: number,
  fields: FieldFacts['fields'] = [],
): string {
  const left = 12;
  const lines = rows.flatMap(([heading, text]) => {
    if (text === undefined || text === '') return [];
    const [first = '', ...more] = wrap(terminalText(text), Math.max(width, 60), ' '.repeat(left));
    return [`${`${heading}:`.padEnd(left)}${first.trimStart()}`, ...more];
  });
  return `${lines.join('\n')}\n${fields.length === 0 ? '' : `\nFIELDS:\n${fieldRows(fields)}`}`;
}

function fieldRows(fields: FieldFacts['fields']): string {
  const width = Math.max(...fields.map(({ path }) => path.length));
  return fields
    .map(
      ({ path, type, isRequired }) => `  ${path.padEnd(width)}  <${type}>${isRequired ? '  required' : ''}\n`,
    )
    .join('');
}
