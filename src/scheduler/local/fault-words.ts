import type { LocalFault } from './switchable-faults.ts';

/** What each fault does, to follow its name. */
export const faultWords: { readonly [K in LocalFault]: string } = {
  '429': 'too many requests',
  '500': 'an error, nothing done',
  '502': 'a gateway error, done or not',
  '503': 'unavailable, nothing done',
  '504': 'a gateway timeout, done or not',
  'reset-before': 'the connection breaks, nothing done',
  'reset-after': 'the connection breaks after it was done',
  slow: 'the answer takes two seconds',
  'cut-off': 'the response is incomplete',
  html: 'a sign-in page with status 200',
  'expired-token': 'the token has expired',
  'lost-tags-write': 'a tags write that does nothing',
  'second-writer': 'somebody else writes just before',
  restart: 'the server restarts, for two seconds',
  'dead-timer': 'a save that leaves a schedule without a timer',
  'failed-run': 'a fire that cannot start its workflow',
};
