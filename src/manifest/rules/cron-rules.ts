import { lastDayOffsetTooLarge } from '../../cron/parse/parse-cron.ts';
import { present } from '../../model/present.ts';
import { type Diagnostic, problem } from '../../problems/diagnostic.ts';
import { at, key, type Manifest, nameIn } from '../manifest.ts';
import { ofAll, type Timers } from './crons.ts';

export function oneKindOfCron({ fields, origin, meant }: Manifest): readonly Diagnostic[] {
  const { cronExpression, cronSchedules } = fields;
  if (meant.has('cronExpression') || meant.has('cronSchedules')) return [];
  if (cronExpression === undefined && cronSchedules === undefined)
    return [problem('no-cron', { name: nameIn(fields) }, at(origin, []))];
  if (cronExpression !== undefined && cronSchedules !== undefined)
    return [problem('two-crons', { name: nameIn(fields) }, key(origin, ['cronExpression']))];
  return [];
}

export function crons({ fields, origin }: Manifest, { cron, written }: Timers): readonly Diagnostic[] {
  return ofAll(written(fields), ({ path, fields: timer }) => {
    const { cronExpression: expression } = timer;
    if (typeof expression !== 'string') return [];
    const parsed = cron(expression);
    if (parsed.ok && !lastDayOffsetTooLarge(parsed.cron)) return [];
    const place = at(origin, [...path, 'cronExpression']);
    if (!parsed.ok) {
      const { start, end, why, hint } = parsed.problem;
      const args = { expression, why, ...present({ hint }) };
      return [problem('bad-cron', args, { ...place, within: { start, end } })];
    }
    return [problem('runaway-cron', { expression }, place)];
  });
}

export function zones({ fields, origin }: Manifest, { zone: read, written }: Timers): readonly Diagnostic[] {
  return ofAll(written(fields), ({ path, fields: timer }) => {
    const { zoneId: zone } = timer;
    if (typeof zone !== 'string') return [];
    const parsed = read(zone);
    if (parsed.ok) return [];
    const { why, nearest } = parsed;
    const args = { zone, why, ...present({ nearest }) };
    return [problem('bad-zone', args, at(origin, [...path, 'zoneId']))];
  });
}

export function idleZone({ fields, origin }: Manifest): readonly Diagnostic[] {
  const { zoneId: zone, cronSchedules } = fields;
  if (typeof zone !== 'string' || cronSchedules === undefined) return [];
  return [problem('idle-zone', { zone }, key(origin, ['zoneId']))];
}
