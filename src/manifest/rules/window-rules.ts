import { isNumber } from '../../model/json.ts';
import { doubleOf } from '../../model/number.ts';
import { type Diagnostic, problem } from '../../problems/diagnostic.ts';
import { at, type Manifest } from '../manifest.ts';
import { readTime } from '../resolve/time.ts';

export function times({ fields, origin }: Manifest): readonly Diagnostic[] {
  return ['scheduleStartTime', 'scheduleEndTime'].flatMap((field) => {
    const text = fields[field];
    if (typeof text !== 'string') return [];
    const time = readTime(text);
    return time.ok
      ? []
      : [problem('bad-time', { field: [field], text, fault: time.fault }, at(origin, [field]))];
  });
}

export function endAtZero({ fields, origin }: Manifest): readonly Diagnostic[] {
  const { scheduleEndTime: end } = fields;
  return isNumber(end) && doubleOf(end) === 0
    ? [problem('end-at-zero', {}, at(origin, ['scheduleEndTime']))]
    : [];
}
