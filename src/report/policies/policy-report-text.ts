import type { PolicyReport, PolicyStanding } from '../documents/generated/documents.ts';
import { placeText, renderProblem } from '../text/codeframe.ts';
import { terminalText } from '../text/escape.ts';
import { many } from '../text/phrases.ts';
import type { Style } from '../text/style.ts';
import { wrap } from '../text/wrap.ts';

/** Problems with their proofs, then every policy with the counts; `named`: with the schedules too. */
export function renderPolicyReport(
  { policies, problems, counts }: PolicyReport,
  style: Style,
  named: boolean,
): string {
  const blocks = [
    ...problems.map((problem) => renderProblem(problem, style)),
    ...policies.map((policy) => policyLines(policy, style, named).join('\n')),
    `${many(counts.policies, 'policy', 'policies')} for ${many(counts.schedules, 'schedule')}: ${counts.kept} kept, ${counts.broken} broken, ${counts.allowed} allowed by a comment.`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

function policyLines(policy: PolicyStanding, { colors, width }: Style, named: boolean): readonly string[] {
  const { name, severity, description, demands, at, schedules } = policy;
  const where = at === undefined ? '' : colors.dim(`  (${placeText(at)})`);
  const broken = schedules.filter(({ state }) => state === 'broken').length;
  const allowed = schedules.filter(({ state }) => state === 'allowed').length;
  const sums = [
    `${schedules.length - broken - allowed} kept`,
    ...(broken > 0 ? [`${broken} broken`] : []),
    ...(allowed > 0 ? [`${allowed} allowed`] : []),
  ];
  return [
    `${colors.bold(terminalText(name))}  ${severity}${where}`,
    ...(description === undefined ? [] : wrap(terminalText(description), width, '    ')),
    ...demands.flatMap((demand) => wrap(terminalText(demand), width, '    ')),
    schedules.length === 0
      ? '    applies to no schedule'
      : `    about ${many(schedules.length, 'schedule')}: ${sums.join(', ')}`,
    ...(named ? schedules.map((one) => `      ${one.state.padEnd(7)}  ${terminalText(one.name)}`) : []),
  ];
}
