import { nearestKey } from '../../manifest/nearest.ts';
import { finderIn, inOrderOfPlaces } from '../../manifest/read/locate.ts';
import { type ExitCode, exitCodes } from '../../model/exit.ts';
import { present } from '../../model/present.ts';
import { compareText } from '../../model/schedule.ts';
import { demandWords } from '../../policies/demand-words.ts';
import type { TeamPolicy } from '../../policies/policy.ts';
import { bySettings } from '../../problems/codes.ts';
import { type Diagnostic, type LocatedDiagnostic, problem } from '../../problems/diagnostic.ts';
import type { PolicyStanding } from '../../report/documents/generated/documents.ts';
import { validationDocument } from '../../report/documents/validation.ts';
import { renderProblemAnnotations } from '../../report/formats/annotations.ts';
import { documentJson } from '../../report/formats/document-json.ts';
import { renderSarif } from '../../report/formats/sarif.ts';
import { policyReport } from '../../report/policies/policy-report.ts';
import { renderPolicyReport } from '../../report/policies/policy-report-text.ts';
import { type Loaded, load } from '../../run/load-manifests.ts';
import { settle } from '../../run/prologue.ts';
import type { Run } from '../../run/run.ts';
import {
  aboutPolicies,
  type DesiredWithFields,
  readyPolicies,
  subjectsOf,
  type TeamPolicies,
} from '../../run/team-policies.ts';

/** Prints which policy holds for which schedule, with the proof of each breach; offline. */
export async function run(run: Run): Promise<ExitCode> {
  const { argument: name, options } = run.request;
  // The argument is not a directory.
  const settled = settle(run, { command: 'policies', options });
  if (settled.kind === 'ended') return settled.code;
  const loaded = await load(run, settled.value, {
    allowEmpty: options.allowEmpty === true,
    missingSecrets: 'opaque',
  });
  if (loaded.broken) return run.fail(loaded.problems);
  const { policies } = loaded;
  if (policies === undefined)
    return run.refuse({
      message: 'no policies are configured',
      hint: 'set their file in downbeat.yaml, as in `policies: policies.yaml`',
    });
  const { judge, diagnostics } = await readyPolicies(run, policies);
  if (diagnostics.length > 0) return run.fail(aboutPolicies(policies, diagnostics));
  const subjects = subjectsOf(loaded);
  const allows = (one: Diagnostic): boolean => loaded.settle([one]).length === 0;
  const found = [...judge.each(subjects), ...judge.together({ after: subjects, allows })];
  const left = loaded.settle(found);
  const standings = standingsOf(policies, loaded, found, left);
  const chosen = name === undefined ? standings : about(name, standings);
  if (chosen === undefined) return run.refuse(unknownName(name ?? '', policies, loaded));
  const unused = bySettings(unusedPolicies(chosen, policies, name), settled.value.config.rules);
  const shown = new Set(chosen.map((one) => one.name));
  const isShown = ({ diagnostic: { args } }: LocatedDiagnostic): boolean =>
    'policy' in args && shown.has(String(args.policy)) && (name === undefined || isAbout(args, name));
  const problems = inOrderOfPlaces([...left.filter(isShown), ...aboutPolicies(policies, unused)]);
  const report = policyReport({ schedules: loaded.desired.length, policies: chosen }, problems);
  run.write(report, (masked, format, style) => {
    if (format === 'json') return documentJson(masked);
    if (format === 'sarif') return renderSarif({ problems: masked.problems });
    if (format === 'github') return renderProblemAnnotations(masked.problems);
    return renderPolicyReport(masked, style, name !== undefined);
  });
  const { valid } = validationDocument({ files: 0, manifests: 0 }, problems);
  return valid && !(options.failOn === 'warning' && problems.length > 0) ? exitCodes.fine : exitCodes.error;
}

function standingsOf(
  { policies, source }: TeamPolicies,
  loaded: DesiredWithFields,
  found: readonly Diagnostic[],
  left: readonly LocatedDiagnostic[],
): readonly PolicyStanding[] {
  const subjects = subjectsOf(loaded);
  // An allowance is good for one schedule, whoever else fires in the same minute.
  const broken = pairsOf(found, ({ schedule }) => [schedule]);
  const kept = pairsOf(
    left.map(({ diagnostic }) => diagnostic),
    ({ schedule, who = [schedule] }) => who,
  );
  const find = finderIn(source === undefined ? [] : [source]);
  return policies.map((policy: TeamPolicy) => {
    const { name, severity = 'error', description } = policy.entry;
    const at = find({ kind: 'field', origin: policy.origin, path: ['name'], at: 'value' });
    return {
      name,
      severity,
      ...present({ description, at }),
      demands: demandWords(policy.entry),
      schedules: subjects
        .filter(policy.isAbout)
        .map(({ schedule }) => {
          const pair = pairKey(name, schedule.name);
          return {
            name: schedule.name,
            state: kept.has(pair)
              ? ('broken' as const)
              : broken.has(pair)
                ? ('allowed' as const)
                : ('kept' as const),
          };
        })
        .sort((a, b) => compareText(a.name, b.name)),
    };
  });
}

type BreachArgs = { readonly schedule: string; readonly who?: readonly string[] };

/** Which policy is broken by which schedules. */
function pairsOf(
  diagnostics: readonly Diagnostic[],
  namesOf: (args: BreachArgs) => readonly string[],
): ReadonlySet<string> {
  const pairs = new Set<string>();
  for (const { args } of diagnostics)
    if ('policy' in args && 'schedule' in args)
      for (const name of namesOf({ schedule: args.schedule, ...('who' in args ? { who: args.who } : {}) }))
        pairs.add(pairKey(args.policy, name));
  return pairs;
}

function pairKey(policy: string, schedule: string): string {
  return JSON.stringify([policy, schedule]);
}

/** A policy by its name, else the policies about a schedule of that name, with it only. */
function about(name: string, standings: readonly PolicyStanding[]): readonly PolicyStanding[] | undefined {
  const own = standings.filter((one) => one.name === name);
  if (own.length > 0) return own;
  const of = standings
    .map((one) => ({ ...one, schedules: one.schedules.filter((schedule) => schedule.name === name) }))
    .filter(({ schedules }) => schedules.length > 0);
  return of.length > 0 ? of : undefined;
}

function isAbout(args: Diagnostic['args'], name: string): boolean {
  if ('policy' in args && args.policy === name) return true;
  if ('who' in args) return args.who.includes(name);
  return 'schedule' in args && args.schedule === name;
}

function unusedPolicies(
  chosen: readonly PolicyStanding[],
  { policies }: TeamPolicies,
  name: string | undefined,
): readonly Diagnostic[] {
  const idle = new Set(
    chosen
      .filter((one) => one.schedules.length === 0 && (name === undefined || one.name === name))
      .map((one) => one.name),
  );
  return policies
    .filter(({ entry, isElsewhere }) => !isElsewhere && idle.has(entry.name))
    .map(({ entry, origin }) =>
      problem(
        'unused-policy',
        { policy: entry.name },
        { kind: 'field', origin, path: ['name'], at: 'value' },
      ),
    );
}

function unknownName(
  name: string,
  { names }: TeamPolicies,
  { desired }: Pick<Loaded, 'desired'>,
): { readonly message: string; readonly hint: string } {
  const schedules = desired.map(({ schedule }) => schedule.name);
  if (schedules.includes(name))
    return {
      message: `no policy applies to the schedule ${JSON.stringify(name)}`,
      hint: '`downbeat policies` without a name lists the schedules of each policy',
    };
  const nearest = nearestKey(name, [...names, ...schedules]);
  return {
    message: `no policy or schedule is named ${JSON.stringify(name)}`,
    hint:
      nearest === undefined
        ? '`downbeat policies` without a name lists the policies'
        : `did you mean ${JSON.stringify(nearest)}?`,
  };
}
