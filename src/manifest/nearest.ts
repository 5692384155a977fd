import { nearest, plain } from '../cron/parse/edit-distance.ts';
import { requestFields } from '../model/normal.ts';

/** What people write from other tools, or for short, for a field of ours. Spelled as `plain` spells. */
const otherWords: { readonly [word: string]: string } = {
  cron: 'cronExpression',
  schedule: 'cronExpression',
  expression: 'cronExpression',
  crons: 'cronSchedules',
  timezone: 'zoneId',
  tz: 'zoneId',
  zone: 'zoneId',
  workflow: 'startWorkflowRequest',
  workflowname: 'startWorkflowRequest.name',
  startworkflow: 'startWorkflowRequest',
  start: 'scheduleStartTime',
  starttime: 'scheduleStartTime',
  end: 'scheduleEndTime',
  endtime: 'scheduleEndTime',
  catchup: 'runCatchupScheduleInstances',
  suspend: 'paused',
  labels: 'tags',
  ignore: 'ignoreChanges',
  deletionprotection: 'protect',
};

/**
 * The right key for a wrong one, as a path from where the wrong one is: another spelling (`cron_expression`,
 * `CronExpression`), another tool's word, a field one level further in, or few letters away. None is better than
 * a silly one.
 */
export function nearestKey(key: string, allowed: readonly string[]): string | undefined {
  const spelt = plain(key);
  const same = allowed.find((name) => plain(name) === spelt);
  if (same !== undefined) return same;
  const meant = Object.hasOwn(otherWords, spelt) ? otherWords[spelt] : undefined;
  if (meant !== undefined && allowed.includes(meant.split('.')[0] ?? '')) return meant;
  if (allowed.includes('startWorkflowRequest')) {
    const within = requestFields.find((name) => name !== 'name' && plain(name) === spelt);
    if (within !== undefined) return `startWorkflowRequest.${within}`;
  }
  return nearest(key, allowed);
}
