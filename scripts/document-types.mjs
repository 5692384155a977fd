// The types of what `--output json` writes, from the sources of its schemas: what a schema says is said once.

/** The types that are written, by source and definition. */
const written = {
  agenda: { agenda: 'AgendaDocument' },
  audit: { audit: 'AuditDocument', entry: 'AuditEntry', group: 'AuditEntryGroup' },
  'base-plan': { basePlan: 'BasePlanDocument', sums: 'LoadSums' },
  command: { command: 'CommandDocument' },
  drift: { drift: 'DriftDocument', entry: 'DriftEntry' },
  history: { history: 'HistoryDocument' },
  load: { load: 'LoadDocument' },
  next: { next: 'NextDocument' },
  plan: { plan: 'PlanDocument' },
  'policy-report': { policyReport: 'PolicyReport' },
  pull: { pull: 'PullDocument', file: 'PulledFileEntry', kept: 'KeptEntry', skipped: 'SkippedEntry' },
  result: { result: 'ResultDocument', step: 'StepEntry' },
  settings: { settings: 'SettingsDocument', setting: 'SettingEntry' },
  show: { show: 'ShowDocument' },
  status: { status: 'StatusDocument', entry: 'StatusEntry' },
  switch: { switch: 'SwitchDocument', entry: 'SwitchEntry' },
  validation: { validation: 'ValidationDocument' },
  shared: {
    failedRun: 'FailureDocument',
    fireWindow: 'FireWindowEntry',
    loadEntry: 'LoadEntry',
    loadPicture: 'LoadPicture',
    pause: 'PauseFacts',
    pastRun: 'PastRunEntry',
    pauseChange: 'PauseEntry',
    plannedChange: 'ChangeEntry',
    subject: 'SubjectEntry',
  },
};

/** What the stages make or take of documents and files, so it belongs to the vocabulary. */
const vocabulary = {
  CalendarDay: ['shared', ({ calendarDay }) => calendarDay],
  CalendarEntry: ['config', ({ calendar }) => calendar],
  FailureKind: ['shared', ({ failure }) => failure.properties.kind],
  LeaveReason: ['shared', ({ plannedChange }) => plannedChange.properties.reason],
  NotChecked: ['shared', ({ notChecked }) => notChecked.items],
  NewSecret: ['pull', ({ pull }) => pull.properties.secrets.items],
  PlanCounts: ['shared', ({ counts }) => counts],
  PolicyEntry: ['policies', ({ policy }) => policy],
  RecordFile: ['record', ({ record }) => record],
  RequestCounts: ['result', ({ result }) => result.properties.requests],
  ResultCounts: ['result', ({ result }) => result.properties.counts],
  RunEntry: ['shared', ({ run }) => run],
  ScopeEntry: ['policies', ({ scope }) => scope],
  Selection: ['shared', ({ selection }) => selection],
  SettingSource: ['settings', ({ source }) => source],
  StepOutcome: ['result', ({ step }) => step.properties.outcome],
  Target: ['shared', ({ target }) => target],
};

/** Definitions that are types of the code already. */
const known = {
  counts: 'PlanCounts',
  failure: 'FailureEntry',
  field: 'MaskedField',
  firesOf: 'ScheduleFiresEntry',
  pulledField: 'MaskedField',
  origin: 'Origin',
  calendarDay: 'CalendarDay',
  path: 'FieldPath',
  problem: 'ProblemEntry',
  run: 'RunEntry',
  scope: 'ScopeEntry',
  selection: 'Selection',
  source: 'SettingSource',
  target: 'Target',
};

/** Parts of those that have names of their own. */
const parts = {
  AgendaEntry: "AgendaDocument['fires'][number]",
  AllowanceChange: "BasePlanDocument['allowances'][number]",
  BaseEntry: "BasePlanDocument['base']",
  BaseState: "BasePlanDocument['base']['state']",
  ChangeFiresEntry: "NonNullable<ChangeEntry['fires']>",
  DenseEntry: "AgendaDocument['dense'][number]",
  DriftClass: "DriftEntry['class']",
  KeptReason: "KeptEntry['reason']",
  OverdueCause: "NonNullable<AuditEntry['overdue']>['cause']",
  PolicyStanding: "PolicyReport['policies'][number]",
  SettingChange: "BasePlanDocument['settings'][number]",
  SourceEntry: "NonNullable<ChangeEntry['sources']>[number]",
  StoppedEntry: "NonNullable<DriftDocument['stopped']>",
  TimelineEntry: "NonNullable<ChangeFiresEntry['timeline']>",
  SwitchOutcome: "SwitchEntry['outcome']",
};

/** Of these a reader of the code knows more than a schema can say. */
const narrower = {
  'AuditEntry.drift': 'DriftState',
  'BasePlanDocument.problems': 'readonly (ProblemEntry & { readonly isNew?: true })[]',
  'ChangeEntry.proof': 'DeleteProof',
  'ShowDocument.drift': 'DriftState',
  'StatusEntry.drift': 'DriftState',
};

const imports = {
  '../../../model/json.ts': ['Json', 'JsonObject'],
  '../../../model/generated/report-parts.ts': [
    'CalendarDay',
    'PlanCounts',
    'RunEntry',
    'Selection',
    'SettingSource',
    'Target',
  ],
  '../../../model/plan.ts': ['DeleteProof'],
  '../../../model/schedule.ts': ['FieldPath', 'Origin'],
  '../change-fires.ts': ['ScheduleFiresEntry'],
  '../entries.ts': ['FailureEntry', 'ProblemEntry'],
  '../mask.ts': ['MaskedField'],
};

/** The two modules with all of them, by file; `read` gives the source of a name. */
export async function documentTypes(read) {
  const sources = Object.fromEntries(
    await Promise.all(
      [...Object.keys(written), 'config', 'policies', 'record'].map(async (name) => [name, await read(name)]),
    ),
  );
  const types = Object.entries(written).flatMap(([source, names]) =>
    Object.entries(names).map(([definition, name]) =>
      // One schema is a definition by itself.
      declared(name, sources[source].$defs?.[definition] ?? sources[source], { source, sources }),
    ),
  );
  const lines = Object.entries(imports).map(
    ([file, names]) => `import type { ${names.join(', ')} } from '${file}';\n`,
  );
  const shortForms = Object.entries(parts).map(([name, type]) => `export type ${name} = ${type};\n`);
  return {
    'src/model/generated/report-parts.ts': indented(
      [
        `${banner}import type { FieldPath } from '../schedule.ts';\n`,
        ...Object.entries(vocabulary).map(([name, [source, pick]]) =>
          declared(name, pick(sources[source].$defs), { source, sources }),
        ),
      ].join('\n'),
    ),
    'src/report/documents/generated/documents.ts': indented(`${banner}${lines.join('')}
/** How a schedule on the server differs from its manifest. \`unknown\`: only a secret that is not defined here could tell. */
export type DriftState = DriftClass | 'none' | 'unmanaged' | 'other-owner' | 'not-adopted' | 'ignored' | 'unknown';
${shortForms.join('')}
${types.join('\n')}`),
  };
}

const banner = '// Generated by scripts/generate.mjs from schemas/source/. Do not edit.\n';

function declared(name, { description, ...schema }, place) {
  return `${comment(description)}export type ${name} = ${typeOf(schema, { ...place, name })};\n`;
}

function indented(text) {
  let depth = 0;
  return text.replace(/^.+$/gm, (line) => {
    if (line.startsWith('}')) depth -= 1;
    const inside = '  '.repeat(depth) + line;
    if (line.endsWith('{')) depth += 1;
    return inside;
  });
}

function typeOf(schema, place) {
  if (schema.$ref !== undefined) return named(schema.$ref, place);
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(literal).join(' | ');
  const branches = schema.oneOf ?? schema.anyOf;
  if (branches !== undefined) return branches.map((branch) => typeOf(branch, place)).join(' | ');
  if (Array.isArray(schema.type))
    return schema.type.map((type) => typeOf({ ...schema, type }, place)).join(' | ');
  if (schema.type === 'array') return listOf(schema, place);
  if (schema.properties !== undefined) return objectOf(schema, place);
  if (schema.additionalProperties instanceof Object)
    return `{ readonly [key: string]: ${typeOf(schema.additionalProperties, place)} }`;
  const plain = { object: 'JsonObject', integer: 'number', undefined: 'Json' };
  return plain[schema.type] ?? schema.type;
}

/** Two of a kind are a pair. */
function listOf({ items, minItems, maxItems }, place) {
  const item = typeOf(items, place);
  return minItems === 2 && maxItems === 2 ? `readonly [${item}, ${item}]` : `readonly ${inBrackets(item)}[]`;
}

function objectOf({ properties, required = [] }, place) {
  const fields = Object.entries(properties).map(([key, { description, ...schema }]) => {
    const type = narrower[`${place.name}.${key}`] ?? typeOf(schema, { ...place, name: '' });
    return `${comment(description)}readonly ${key}${required.includes(key) ? '' : '?'}: ${type};\n`;
  });
  return `{\n${fields.join('')}}`;
}

function named(reference, { source, sources }) {
  const [, isShared, definition] = /^(shared\.json)?#\/\$defs\/(\w+)$/.exec(reference);
  const owner = isShared === undefined ? source : 'shared';
  const { description: _description, ...schema } = sources[owner].$defs[definition];
  return (
    known[definition] ?? written[owner]?.[definition] ?? typeOf(schema, { source: owner, sources, name: '' })
  );
}

function literal(value) {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

function inBrackets(type) {
  return /^\w+$/.test(type) || type.startsWith('{') ? type : `(${type})`;
}

function comment(text) {
  return text === undefined ? '' : `/** ${text.replaceAll('*/', '*\\/')} */\n`;
}
