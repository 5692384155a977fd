import type { Severity } from '../model/severity.ts';
import { type RuleCode, rules } from './rules.ts';

/** What a code stands for, whatever the facts: the README's table and the metadata of a SARIF log. */
export interface Rule {
  readonly severity: Severity;
  /** With backticks around code; no sentence. */
  readonly means: string;
}

const meanings: { readonly [C in RuleCode]: string } = {
  'never-fires':
    'the cron wants a date that does not exist, such as 30 FEB, or that the clock of its zone always skips',
  'every-second': 'the seconds are `*`, so it fires sixty times a minute',
  'both-days': 'day of month and day of week are both restricted, and both must hold, unlike in crontab',
  'numbered-weekday': 'a day of week as a number: 1 is Monday here and Sunday in Quartz',
  'crons-meet':
    'two entries of `cronSchedules` are the same or fire at one moment, which starts two workflows',
  'clock-change':
    'within 400 days, a change of the clock skips or doubles a fire; only `validate` looks for it',
  'old-zone': 'an old name of a zone, such as `US/Pacific`',
  'idle-zone': '`zoneId` beside `cronSchedules`, where nobody reads it',
  'window-upside-down':
    'the end is not after the start: never, or exactly one fire, at the first moment after the start',
  'window-without-fire':
    'the first fire from the start on lies behind the end; the server may run it all the same',
  'window-over': 'the end has passed, or no fire is left before it',
  'catchup-ignores-window':
    'with `runCatchupScheduleInstances` the server looks at neither start nor end: it fires at once and for ever',
  'catchup-burst':
    'catch-up with 12 fires an hour or more: all of them come at once when the server was down',
  'literal-correlation': `\`\${…}\` in \`correlationId\`, where the server fills in nothing`,
  'overwritten-input': 'an input such as `_scheduledTime`, which the scheduler overwrites',
  'idle-strategy': '`idempotencyStrategy` without `idempotencyKey`',
  'odd-name': 'a name that works and is easily mistyped',
  'names-differ-in-case': 'two names that a case-blind database takes for one',
  'copied-marker':
    "the marker of an owner was written for another name: the schedule is a copy, and nobody's",
  'unused-allowance': 'a comment allows what is not there',
  'no-workflow': 'the server has no such workflow, so that every run fails',
  'no-workflow-version': 'the workflow is there, this version is not',
  'unknown-input': 'an input that neither `inputParameters` nor `inputSchema` of the workflow names',
  'missing-input': 'an input that `inputSchema` requires is not there',
  'workflows-not-readable': 'the workflows could not be looked up, for want of a right or of an answer',
  'previous-name-there':
    'a name of `lifecycle.previousNames` is on the server and not yours to delete; both fire',
  'looks-renamed': 'a new schedule is equal to an orphan but for the name',
  'tags-not-kept': 'the server has no tags',
  'reason-not-kept': 'the server does not store the reason of a pause',
  'idempotency-not-kept': 'Conductor OSS does nothing with `idempotencyKey`',
  'name-beyond-orkes': 'a new name with other characters than Orkes promises to take',
  'dead-there': 'a schedule on the server looks alive and never fires; more than five are summed up',
  'stuck-there':
    'a schedule on the server that can be neither changed nor deleted; more than five are summed up',
};

/** The problems that are a matter of judgement, with the severity that they have unless it is set. */
export const judgements: { readonly [C in RuleCode]: Rule } = Object.fromEntries(
  Object.entries(meanings).map(([code, means]) => [code, { severity: rules[code as RuleCode], means }]),
) as { readonly [C in RuleCode]: Rule };
