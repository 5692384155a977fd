/** How often each `METHOD /path` was asked. */
export interface RequestCounts {
  readonly [request: string]: number;
}

/** The requests of one run, by what they are for. */
export interface Tally {
  readonly lists: number;
  readonly versions: number;
  readonly tokens: number;
  /** Everything else, as `METHOD /path`: reads one by one, and every write. */
  readonly others: readonly string[];
}

export function tally(counts: RequestCounts): Tally {
  const {
    'GET /api/scheduler/schedules': lists = 0,
    'GET /api/version': versions = 0,
    'POST /api/token': tokens = 0,
    ...rest
  } = counts;
  return {
    lists,
    versions,
    tokens,
    others: Object.entries(rest).flatMap(([request, times]) => Array<string>(times).fill(request)),
  };
}

/** One list, the token and the version at most once, nothing else. */
export function isMinimal({ lists, versions, tokens, others }: Tally): boolean {
  return lists === 1 && versions <= 1 && tokens <= 1 && others.length === 0;
}

export function tallyText({ lists, versions, tokens, others }: Tally): string {
  return [
    `${lists} list`,
    ...(versions > 0 ? [`${versions} version`] : []),
    ...(tokens > 0 ? [`${tokens} token`] : []),
    others.length > 0 ? `${others.length} other (${others[0]} …)` : 'nothing else',
  ].join(' + ');
}
