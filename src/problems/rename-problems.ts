import type { Texts, Words } from './family.ts';
import { quoted } from './quote.ts';

/**
 * Why a name cannot be a previous one.
 * - `own`: it is the manifest's present name
 * - `used`: another manifest has it
 * - `claimed`: another manifest has it among its previous names
 * - `unreachable`: a server cannot be asked for it, so nothing can be deleted under it
 */
export type PreviousNameFault = 'own' | 'used' | 'claimed' | 'unreachable';

type NotOurs = 'no-owner' | 'unmarked' | 'foreign' | 'ignored';

/** From one name to another. */
export const renameProblems = {
  /** `other`: where the manifest is that has this name, or claims it too. */
  'bad-previous-name': {
    means: "a previous name that is the current one, another manifest's, listed twice, or unreachable",
    remedy: 'list only former names, each in one manifest',
    page: 'renames.md',
    words: ({
      name,
      previous,
      fault,
      other = '',
    }: Texts<'name' | 'previous', 'other'> & { readonly fault: PreviousNameFault }): Words => ({
      message: `${quoted(previous)} cannot be a previous name of ${quoted(name)}: ${previousNameFaults[fault].message(other)}`,
      hint: previousNameFaults[fault].hint,
    }),
  },
  /** `outside`: which of the two names the selection leaves out. */
  'rename-outside': {
    means: 'a rename for which `--target`, `--exclude` or `--selector` select only one of the two names',
    remedy: 'select both names, or neither',
    page: 'renames.md',
    words: ({ name, previous, outside }: Texts<'name' | 'previous' | 'outside'>): Words => ({
      message: `${quoted(name)} is a rename of ${quoted(previous)}, and this run does not select ${quoted(outside)}`,
      hint: `a rename must select both names: add ${quoted(outside)} to --target, or change --exclude or --selector`,
    }),
  },
  /** Another directory than the configured one was read. */
  'rename-elsewhere': {
    means: 'a rename in a run on a directory other than the configured one',
    page: 'renames.md',
    message: ({ name, previous }: Texts<'name' | 'previous'>): string =>
      `${quoted(name)} is a rename of ${quoted(previous)}, which a manifest outside this directory may still use`,
    hint: 'a rename deletes, so it needs a run on the configured directory: leave DIR out',
  },
  /** The old schedule is protected, and the manifest does not protect the new one. */
  'rename-protected': {
    means: 'the old schedule is protected, and the manifest does not protect the new one; exit 3',
    page: 'renames.md',
    message: ({ name, previous }: Texts<'name' | 'previous'>): string =>
      `${quoted(name)} is a rename of ${quoted(previous)}, which is protected, but the new one is not`,
    hint: 'keep `lifecycle.protect: true` for the rename, and remove it in a later commit',
  },
  /** The old schedule is not ours to delete: both are there, and both fire. `owner`: whose it is, if somebody's. */
  'previous-name-there': {
    means: 'a name in `lifecycle.previousNames` is still on the server and not yours to delete; both fire',
    fix: 'adopt it under the old name first, or delete it manually',
    page: 'renames.md',
    words: ({
      name,
      previous,
      why,
      owner,
    }: Texts<'name' | 'previous', 'owner'> & { readonly why: NotOurs }): Words => ({
      message: `${quoted(previous)}, a previous name of ${quoted(name)}, is still on the server and ${notOurs(why, owner)}: it stays, and both fire`,
      hint: stillThereHints[why],
    }),
  },
  /** One goes, one comes; only the name differs, or (`differs`) more than that, but not what it starts and when. */
  'looks-renamed': {
    means:
      'a new schedule equals an orphan in everything but the name, or starts the same workflow at the same times: it may be a rename',
    fix: 'use `lifecycle.previousNames`',
    page: 'renames.md',
    words: ({
      name,
      previous,
      differs = false,
    }: Texts<'name' | 'previous'> & { readonly differs?: boolean }): Words => ({
      message: `${quoted(name)} is new and ${differs ? 'starts the same workflow at the same times as' : 'equal to'} ${quoted(previous)}, which is no longer in a manifest: it may be a rename`,
      hint: `if so, \`lifecycle: {previousNames: [${quoted(previous)}]}\` keeps its pause and tags, and no fire happens twice`,
    }),
  },
} as const;

const previousNameFaults: {
  readonly [F in PreviousNameFault]: {
    readonly message: (other: string) => string;
    readonly hint: string;
  };
} = {
  own: {
    message: () => 'it is the current name',
    hint: 'list only former names',
  },
  used: {
    message: (other) => `the manifest at ${other} uses it`,
    hint: 'remove it from the list: the name of another manifest is never replaced. To swap names or pass them on, apply one rename at a time',
  },
  claimed: {
    message: (other) => `the manifest at ${other} lists it too`,
    hint: 'one schedule can become only one other: remove it from one of the two lists',
  },
  unreachable: {
    message: () => 'no request with it reaches a server, so the schedule cannot be deleted',
    hint: 'remove it from the list, and pause the old schedule on the server',
  },
};

const stillThereHints: { readonly [W in NotOurs]: string } = {
  ignored: 'remove it from `ignore` in downbeat.yaml, or delete it manually',
  'no-owner':
    'set `owner` in downbeat.yaml and apply the schedule under its old name first, or delete the old one manually',
  unmarked:
    'pause or delete the old one manually; or adopt it under its old name first, with --adopt, and then rename it',
  foreign:
    'ask its owner to pause or delete the old one; if they hand it over to you, take it over under its old name first, with --take-over, and then rename it',
};

function notOurs(why: NotOurs, owner: string | undefined): string {
  if (owner !== undefined) return `belongs to ${quoted(owner)}`;
  return {
    'no-owner': 'is not deleted, because no owner is configured',
    unmarked: 'does not carry your marker',
    foreign: "carries another owner's marker",
    ignored: 'is ignored',
  }[why];
}
