import type { PolicyEntry } from '../model/generated/report-parts.ts';

/** What a policy demands, a phrase for each part: `at least 5m between two fires`. */
export function demandWords({
  require,
  match,
  limit,
  forbid,
  allow,
  schema,
}: PolicyEntry): readonly string[] {
  const needed = [
    ...(require?.tags ?? []).map((tag) => `tag ${JSON.stringify(tag)}`),
    ...(require?.description ? ['a description'] : []),
    ...(require?.zoneId ? ['a time zone'] : []),
  ];
  return [
    ...(needed.length === 0 ? [] : [`requires ${needed.join(', ')}`]),
    ...(match === undefined ? [] : [`the name matches ${match.name}`]),
    ...(limit?.every === undefined ? [] : [`at least ${limit.every} between two fires`]),
    ...(limit?.firesPerMinute === undefined
      ? []
      : [
          `at most ${limit.firesPerMinute} ${limit.firesPerMinute === 1 ? 'fire' : 'fires'} a minute, all together`,
        ]),
    ...(forbid === undefined
      ? []
      : [`no fire between ${forbid.between[0]} and ${forbid.between[1]} (${forbid.zone ?? 'UTC'})`]),
    ...(allow === undefined ? [] : [`starts only ${allow.workflows.join(', ')}`]),
    ...(schema === undefined ? [] : [`fits ${schema}`]),
  ];
}
