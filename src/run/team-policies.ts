import { manifestOf } from '../manifest/edit/render.ts';
import { finderIn, locate } from '../manifest/read/locate.ts';
import { parse } from '../manifest/read/parse-file.ts';
import { plainNumbers } from '../manifest/read/schema-problems.ts';
import type { SourceFile } from '../manifest/read/source.ts';
import { readPolicies } from '../manifest/resolve/policies-file.ts';
import type { Config } from '../model/config.ts';
import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { present } from '../model/present.ts';
import type { DesiredSchedule, ObservedSchedule } from '../model/schedule.ts';
import type { HouseSchema } from '../policies/json-schema.ts';
import { type PolicyJudge, type PolicyJudging, policyJudge } from '../policies/judge-policies.ts';
import { plainPattern } from '../policies/plain-pattern.ts';
import { compilePolicies, type ReadsPattern, type TeamPolicy } from '../policies/policy.ts';
import { judgedName, type Subject } from '../policies/policy-scope.ts';
import { type Diagnostic, type LocatedDiagnostic, problem } from '../problems/diagnostic.ts';
import { relativeTo } from '../settings/paths.ts';
import type { Files, Run } from './run.ts';
import { type Judgeable, type Unfinished, uncheckedPolicies } from './team/not-checked.ts';

/** The policies that a configuration names, as they were read. */
export type TeamPolicies = {
  /** Absent = the file could not be read. */
  readonly source?: SourceFile;
  readonly policies: readonly TeamPolicy[];
  readonly diagnostics: readonly Diagnostic[];
  /** Of all of them, also of those with an error. */
  readonly names: ReadonlySet<string>;
  /** Of those that are not for other environments only. */
  readonly heldHere: ReadonlySet<string>;
  /** The name that policies see. */
  readonly judgedName: (name: string) => string;
};

/** Reads the policies; undefined when the configuration names none. */
export async function teamPoliciesOf(
  files: Pick<Files, 'readFile'>,
  config: Pick<Config, 'policies' | 'directory' | 'environment' | 'environments' | 'presets'>,
): Promise<TeamPolicies | undefined> {
  const { policies: path, directory, environment, environments, presets } = config;
  if (path === undefined) return undefined;
  const file = files.readFile(path);
  if (file.kind !== 'read') {
    const why =
      file.kind === 'missing'
        ? 'the file does not exist'
        : file.kind === 'directory'
          ? 'it is a directory'
          : file.why;
    const missing = problem('no-policies', { path, why }, { kind: 'file', file: path });
    return {
      policies: [],
      diagnostics: [missing],
      names: new Set(),
      heldHere: new Set(),
      judgedName: String,
    };
  }
  const source = { path, text: file.text };
  const read = readPolicies(source);
  const surroundings = { directory, environments, ...present({ environment, names: presets.names }) };
  const reads = await patternReader(read.policies.flatMap(({ entry }) => entry.match?.name ?? []));
  const compiled = compilePolicies(read.policies, surroundings, reads);
  const elsewhere = new Set(
    compiled.policies.filter((one) => one.isElsewhere).map(({ entry }) => entry.name),
  );
  const names = read.policies.map(({ entry }) => entry.name);
  return {
    source,
    policies: compiled.policies,
    diagnostics: [...read.diagnostics, ...compiled.diagnostics],
    names: new Set(names),
    heldHere: new Set(names.filter((name) => !elsewhere.has(name))),
    judgedName: (name) => judgedName(surroundings, name),
  };
}

/** The judge of some policies, and what is wrong with their schemas. */
export type ReadyPolicies = {
  readonly judge: PolicyJudge;
  readonly diagnostics: readonly Diagnostic[];
};

/** Reads the schemas that policies name. What compiles them is loaded only where there is one. */
export async function readyPolicies(
  { files, now }: Pick<Run, 'now'> & { readonly files: Pick<Files, 'readFile'> },
  { policies, source, judgedName }: TeamPolicies,
): Promise<ReadyPolicies> {
  const time = now();
  const schemas = new Map<string, HouseSchema>();
  const diagnostics: Diagnostic[] = [];
  for (const { entry, origin } of policies) {
    if (entry.schema === undefined) continue;
    const read = await schemaAt(files, relativeTo(source?.path ?? '', entry.schema));
    schemas.set(entry.name, read);
    if (!read.ok) {
      const args = { policy: entry.name, fault: 'schema', text: entry.schema, why: read.why } as const;
      diagnostics.push(problem('bad-policy', args, { kind: 'field', origin, path: ['schema'], at: 'value' }));
    }
  }
  const misfits: PolicyJudging['misfits'] = ({ entry }, { fields }) => {
    const schema = schemas.get(entry.name);
    if (!schema?.ok) return [];
    const { name } = fields;
    const judged = typeof name === 'string' ? judgedName(name) : undefined;
    return schema.misfits(
      plainNumbers(judged === name ? fields : { ...fields, ...present({ name: judged }) }),
    );
  };
  return { judge: policyJudge(policies, { now: time, misfits, judgedName }), diagnostics };
}

async function schemaAt(files: Pick<Files, 'readFile'>, path: string): Promise<HouseSchema> {
  const file = files.readFile(path);
  if (file.kind === 'missing') return { ok: false, why: 'the file does not exist' };
  if (file.kind === 'directory') return { ok: false, why: 'it is a directory' };
  if (file.kind === 'unreadable') return { ok: false, why: file.why };
  const { manifests, diagnostics } = parse({ path, text: file.text });
  const [only, ...others] = manifests;
  if (only === undefined || others.length > 0 || diagnostics.length > 0)
    return { ok: false, why: 'it is not one valid mapping in YAML or JSON' };
  const { houseSchema } = await import('../policies/json-schema.ts');
  return houseSchema(plainNumbers(only.value), await patternReader(patternsIn(only.value)));
}

/** What reads any pattern is large, and is loaded where one of these needs it. */
async function patternReader(sources: readonly string[]): Promise<ReadsPattern> {
  if (sources.some((source) => plainPattern(source) === undefined))
    return (await import('../policies/linear-pattern.ts')).linearPattern;
  return (source) => {
    const pattern = plainPattern(source);
    if (pattern === undefined) throw new Error(`not one of the patterns: ${source}`);
    return { ok: true, pattern };
  };
}

/** All that may be a regular expression in a schema, and some of what is none. */
function patternsIn(schema: Json): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap(patternsIn);
  if (!isObject(schema)) return [];
  return Object.entries(schema).flatMap(([key, value]) => [
    // What Ajv has at another place, such as the schema of schemas, has patterns of its own.
    ...(typeof value === 'string' && (key === 'pattern' || (isReference(key) && !value.startsWith('#')))
      ? [value]
      : []),
    ...(key === 'patternProperties' && isObject(value) ? Object.keys(value) : []),
    ...patternsIn(value),
  ]);
}

function isReference(key: string): boolean {
  return key === '$ref' || key === '$dynamicRef';
}

/** `fields`: of each desired schedule, in their order, its manifest with everything filled in. */
export type DesiredWithFields = {
  readonly desired: readonly DesiredSchedule[];
  readonly fields?: readonly JsonObject[];
};

/** What manifests ask for, as policies see it. `paused`: whether the schedule will fire once they are applied. */
export function subjectsOf(
  { desired, fields = [] }: DesiredWithFields,
  paused: (one: DesiredSchedule) => boolean = ({ pause }) => pause?.paused ?? false,
): readonly Subject[] {
  return desired.map((one, index) => ({
    schedule:
      one.days === undefined && paused(one) === one.schedule.paused
        ? one.schedule
        : { ...one.schedule, paused: paused(one), ...present({ days: one.days }) },
    tags: one.tags ?? one.addedTags ?? [],
    fields: fields[index] ?? {},
    origin: one.origin,
  }));
}

/**
 * What the policies about single schedules find in schedules that are in no manifest, and those about all together in all
 * that the server has. They are warnings, whatever the policy says: policies bind only what is in Git.
 */
export async function unmanagedBreaches(
  run: Pick<Run, 'now'> & { readonly files: Pick<Files, 'readFile'> },
  policies: TeamPolicies,
  schedules: readonly ObservedSchedule[],
  onServer: OnServer,
): Promise<readonly LocatedDiagnostic[]> {
  const { judge, diagnostics } = await readyPolicies(run, policies);
  const { all, desired, fields, settle } = onServer;
  const origins = new Map(desired.map(({ schedule, origin }) => [schedule.name, origin]));
  const after = all.map((one): Subject => {
    const { name } = one.schedule;
    const origin = origins.get(name);
    const written = fields.get(name);
    const subject = subjectOnServer(one);
    return origin === undefined || written === undefined ? subject : { ...subject, fields: written, origin };
  });
  const allows = (one: Diagnostic): boolean => settle([one]).length === 0;
  const warning = (one: Diagnostic): Diagnostic => ({ ...one, severity: 'warning' });
  const together = judge.together({ after, allows });
  return [
    ...aboutPolicies(policies, diagnostics),
    ...judge.each(schedules.map(subjectOnServer)).map((one) => ({ diagnostic: warning(one) })),
    ...together.flatMap((one) =>
      one.place.kind === 'field' ? settle([warning(one)]) : [{ diagnostic: warning(one) }],
    ),
  ];
}

/** All that a server has, and the manifests that there are for a part of it. */
export type OnServer = {
  readonly all: readonly ObservedSchedule[];
  readonly desired: readonly DesiredSchedule[];
  readonly fields: ReadonlyMap<string, JsonObject>;
  readonly settle: Judged['settle'];
};

/** As the manifest would be that `pull` wrote, but for a time zone that the server only assumes. */
function subjectOnServer({ schedule, tags, literal }: ObservedSchedule): Subject {
  const origin = { file: '', document: 0 };
  const fields = manifestOf({ schedule, lifecycle: noLifecycle, origin, ...present({ tags }) });
  const { zoneId: _zone, ...rest } = fields;
  return {
    schedule,
    ...present({ tags }),
    fields: literal.zoneId ? fields : rest,
  };
}

const noLifecycle: DesiredSchedule['lifecycle'] = {
  protect: false,
  ignoreChanges: [],
  previousNames: [],
  sensitive: [],
  notSensitive: [],
};

/** What the policies find in the manifests only, offline, and which found nothing because they were not held against them. */
export async function judgedByPolicies(
  run: Pick<Run, 'now'> & { readonly files: Pick<Files, 'readFile'> },
  config: Pick<Config, 'policies'>,
  loaded: DesiredWithFields & Judged & Judgeable,
): Promise<Unfinished> {
  const { policies, settle, broken, isDoubtful } = loaded;
  if (policies === undefined)
    return { problems: [], notChecked: uncheckedPolicies(loaded, config, { faults: [], together: false }) };
  const { judge, diagnostics } = await readyPolicies(run, policies);
  const subjects = subjectsOf(loaded).filter(({ origin }) => origin === undefined || !isDoubtful(origin));
  const breaches = settle([
    ...judge.each(subjects),
    // Of a part of the manifests they would not be true.
    ...(broken ? [] : judge.together({ after: subjects, allows: (one) => settle([one]).length === 0 })),
  ]);
  const unused = broken || diagnostics.length > 0 ? [] : loaded.unusedAllowances(policies.heldHere);
  return {
    problems: [...aboutPolicies(policies, diagnostics), ...breaches, ...unused],
    notChecked: uncheckedPolicies(loaded, config, { faults: diagnostics, together: !broken }),
  };
}

type Judged = {
  readonly policies?: TeamPolicies;
  readonly settle: (found: readonly Diagnostic[]) => readonly LocatedDiagnostic[];
  readonly unusedAllowances: (policies: ReadonlySet<string>) => readonly LocatedDiagnostic[];
  readonly broken: boolean;
};

/** Problems of the policies themselves, with their places in the file. */
export function aboutPolicies(
  { source }: Pick<TeamPolicies, 'source'>,
  diagnostics: readonly Diagnostic[],
): readonly LocatedDiagnostic[] {
  return locate(diagnostics, finderIn(source === undefined ? [] : [source]));
}
