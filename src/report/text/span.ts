/** How far two times are apart, whichever is first, in the two largest units that matter: `14h 30m`, `3d 4h`, `120d`. */
export function spanText(milliseconds: number): string {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return pair(minutes, 'm', seconds % 60, 's');
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return pair(hours, 'h', minutes % 60, 'm');
  const days = Math.floor(hours / 24);
  return days < 100 ? pair(days, 'd', hours % 24, 'h') : `${days}d`;
}

/** A time as seen from another, both in milliseconds: `3h 5m ago`, `in 3h 5m`, `now`. */
export function awayText(at: number, now: number): string {
  const span = spanText(at - now);
  return span === '0s' ? 'now' : at > now ? `in ${span}` : `${span} ago`;
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit} ${small}${smallUnit}`;
}
