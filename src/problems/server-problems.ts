import type { Kept } from '../model/port.ts';
import type { Texts, Words } from './family.ts';
import { didYouMean, list, quoted } from './quote.ts';

/**
 * Why a schedule on a server never fires.
 * - `bad-cron`, `bad-zone`: the server cannot read `text`, and skips it
 * - `no-cron`: there is none
 * - `no-date`: no date that `text` wants exists
 * - `over`: its end has passed, or no fire is left before it
 * - `name`: the scheduler takes its name for something else
 */
type DeathCause = 'bad-cron' | 'bad-zone' | 'no-cron' | 'no-date' | 'over' | 'name';

export type DeadSchedule = {
  readonly name: string;
  readonly cause: DeathCause;
  readonly text?: string;
};

/**
 * Why nothing can be done to a schedule on a server.
 * - `name`: no request by its name reaches it
 * - `null-entry`: its `cronSchedules` has a null in it, and the server returned 500 to every write (OSS 3.32.1)
 */
export type StuckSchedule = {
  readonly name: string;
  readonly cause: 'name' | 'null-entry';
};

/** What a server is, what it does not keep, and what is on it. */
export const serverProblems = {
  /** The server is older than the scheduler that Downbeat speaks to (`oss-0`). */
  'old-scheduler': {
    means: 'the server is older than Conductor 3.30.0, which has a different scheduler',
    page: 'servers.md',
    message: ({ version }: Texts<never, 'version'>): string =>
      `${version === undefined ? 'the server' : `Conductor ${version}`} has the scheduler from before Conductor 3.30.0, which Downbeat does not support`,
    hint: 'upgrade Conductor to 3.30.0 or newer; 3.32.0 or newer is recommended',
  },
  'not-fired': {
    means:
      'a schedule is active, and no past run shows a fire since it was last changed; it may have lost its timer',
    fix: 'set a new timer: `downbeat audit NAME --repair`',
    page: 'on-call.md#it-did-not-run',
    words: ({ name, at }: { readonly name: string; readonly at: string }): Words => ({
      message: `${quoted(name)} is active, but no past run shows a fire since it was last changed; it was due at ${at}`,
      hint: `set a new timer: \`downbeat audit ${quoted(name)} --repair\``,
    }),
  },
  'unknown-schedule': {
    means: 'a name on the command line that the server does not have; the message suggests the nearest one',
    remedy: 'correct the name; `downbeat status` lists the schedules on the server',
    page: 'on-call.md',
    words: ({ name, nearest }: Texts<'name', 'nearest'>): Words => ({
      message: `the server has no schedule ${quoted(name)}`,
      hint: didYouMean(nearest) ?? '`downbeat status` lists the schedules on the server',
    }),
  },
  'tags-not-kept': {
    means: 'the server has no tags',
    fix: 'use an Orkes server',
    page: 'servers.md',
    message: ({ names }: { readonly names: readonly string[] }): string =>
      `this server does not support tags: those of ${list(names)} are dropped`,
    hint: 'tags need an Orkes server; everything else is applied',
  },
  'reason-not-kept': {
    means: 'the server does not store the reason for a pause',
    fix: 'write the reason into `description`, and remove `pausedReason`',
    words: ({ names, kept }: { readonly names: readonly string[]; readonly kept: Kept }): Words =>
      kept === 'unknown'
        ? {
            message: `${list(names)} ${names.length === 1 ? 'is' : 'are'} paused without the reason in the manifest, and this server is not known to store one`,
            hint: 'the pause is left as it is; with --server-type orkes-new the reason is saved',
          }
        : {
            message: `this server does not store the reason for a pause: that of ${list(names)} is dropped`,
            hint: 'the pause itself is applied',
          },
  },
  'crons-not-kept': {
    severity: 'error',
    means:
      '`cronSchedules` for a server that does not store it, or is not known to; the schedule would never fire',
    fix: 'write one schedule for each cron',
    page: 'servers.md',
    message: ({ names, kept }: { readonly names: readonly string[]; readonly kept: Kept }): string =>
      `this server ${kept === 'unknown' ? 'is not known to' : 'does not'} store cronSchedules: ${list(names)} would have no cron and never fire`,
    hint: 'write one schedule with a cronExpression for each entry',
  },
  'idempotency-not-kept': {
    means: 'Conductor OSS ignores `idempotencyKey`',
    fix: 'let the workflow handle it',
    message: ({ names }: { readonly names: readonly string[] }): string =>
      `Conductor OSS ignores idempotencyKey: that of ${list(names)} has no effect`,
    hint: 'runs can overlap and repeat: handle it in the workflow, or use an Orkes server',
  },
  /** New names with characters other than letters, digits and `_`, for a server of Orkes. */
  'name-beyond-orkes': {
    means: 'a new name with characters that Orkes does not promise to accept',
    fix: 'use only letters, digits and `_`',
    message: ({ names }: { readonly names: readonly string[] }): string =>
      `Orkes promises only names of letters, digits and _, and ${list(names)} ${names.length === 1 ? 'has' : 'have'} other characters`,
    hint: 'most such names work, but now is the easiest time to change them',
  },
  /** Schedules on the server that will never fire: one, or several summed up. */
  'dead-there': {
    means: 'a schedule on the server looks active and never fires; more than five are counted',
    fix: 'fix or delete it',
    words: ({ schedules }: { readonly schedules: readonly DeadSchedule[] }): Words => ({
      message: deadText(schedules),
      hint: `${schedules.length === 1 ? 'it only looks' : 'they only look'} active: write a manifest that fixes it, or delete it`,
    }),
  },
  /** Schedules on the server that can be neither saved nor deleted: one, or several summed up. */
  'stuck-there': {
    means: 'a schedule on the server that can be neither changed nor deleted; more than five are counted',
    fix: "remove it in the server's database; it does not affect the rest of the run",
    words: ({ schedules }: { readonly schedules: readonly StuckSchedule[] }): Words => ({
      message: stuckText(schedules),
      hint: `it can be removed only in the server's database, and does not affect the rest of this run${schedules.some(({ cause }) => cause === 'name') ? '; a POST with its name in the body and paused: true stops it' : ''}`,
    }),
  },
} as const;

const deaths: { readonly [C in DeathCause]: (text: string) => string } = {
  'bad-cron': (text) => `the server cannot run its cron ${quoted(text)}`,
  'bad-zone': (text) => `the server does not know its zone ${quoted(text)}`,
  'no-cron': () => 'it has no cron',
  'no-date': (text) => `its cron ${quoted(text)} has no fire`,
  over: () => 'its end has passed',
  name: () => 'the scheduler reads its name as something else',
};

function deadText(schedules: readonly DeadSchedule[]): string {
  const [only, ...others] = schedules;
  if (only !== undefined && others.length === 0)
    return `the schedule ${quoted(only.name)} on the server never fires: ${deaths[only.cause](only.text ?? '')}`;
  return `${schedules.length} schedules on the server never fire: ${list(schedules.map(({ name }) => name))}`;
}

function stuckText(schedules: readonly StuckSchedule[]): string {
  const [only, ...others] = schedules;
  if (only !== undefined && others.length === 0) {
    const why =
      only.cause === 'name'
        ? 'no request with its name reaches it'
        : 'its cronSchedules contains a null, which breaks every write';
    return `the schedule ${quoted(only.name)} on the server can be neither changed nor deleted: ${why}`;
  }
  const names = list(schedules.map(({ name }) => name));
  return `${schedules.length} schedules on the server can be neither changed nor deleted: ${names}`;
}
