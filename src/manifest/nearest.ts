import { editDistance } from '../cron/parse/edit-distance.ts';
import { requestFields } from '../model/normal.ts';

/** What people write from other tools, or for short, for a field of ours. Spelt as `plain` spells. */
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
  enabled: 'paused',
  suspend: 'paused',
  labels: 'tags',
  ignore: 'ignoreChanges',
  deletionprotection: 'protect',
};

/**
 * The right key for a wrong one, as a path from where the wrong one stands: another spelling (`cron_expression`,
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
  if (allowed.length === 0 || key.length > 100) return undefined;
  const swapped = allowed.find((name) => isSwapped(spelt, plain(name)));
  if (swapped !== undefined) return swapped;
  // A third of the letters may be wrong, which is still the same word to the eye.
  let least = Math.max(1, Math.floor(spelt.length / 3)) + 1;
  let near: string | undefined;
  for (const name of allowed) {
    const distance = editDistance(spelt, plain(name));
    if (distance < least) [near, least] = [name, distance];
  }
  return near;
}

/** Two neighbours in the wrong order, as in `onwer`: the commonest slip, and two letters away. */
function isSwapped(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  const at = [...a].findIndex((letter, index) => letter !== b[index]);
  return a.slice(0, at) + a.charAt(at + 1) + a.charAt(at) + a.slice(at + 2) === b;
}

function plain(key: string): string {
  return key.toLowerCase().replace(/[_\-\s]/g, '');
}
