import type { Texts, Words } from './family.ts';
import { noConfiguration, quoted } from './quote.ts';

/** Owners, their markers, and what they protect. */
export const ownershipProblems = {
  /** The marker is ours to write. */
  'marker-in-manifest': {
    means: "a manifest sets an owner's marker, or the marker of an unfinished rename, itself",
    page: 'two-teams.md',
    message: ({ name }: Texts<'name'>): string =>
      `the manifest of ${quoted(name)} sets an owner's marker, or the marker of an unfinished rename, itself`,
    hint: 'remove it: Downbeat writes it, from `owner` in downbeat.yaml and `lifecycle`',
  },
  'protect-without-owner': {
    means: '`lifecycle.protect` without an `owner` in the configuration',
    page: 'two-teams.md',
    message: ({ name }: Texts<'name'>): string =>
      `${quoted(name)} has \`lifecycle.protect\`, but no owner is configured`,
    hint: 'set `owner` in downbeat.yaml: the protection is stored with its marker, and without an owner nothing is deleted',
  },
  'foreign-owner': {
    means: "the schedule carries another owner's marker; exit 3",
    remedy: 'remove the manifest, or, if its owner hands it over to you, pass `--take-over OWNER`',
    page: 'two-teams.md#hand-a-schedule-over',
    words: ({
      name,
      owner,
      ours,
      isUnconfigured = false,
    }: Texts<'name' | 'owner', 'ours'> & { readonly isUnconfigured?: boolean }): Words => ({
      message: `the schedule ${quoted(name)} belongs to ${quoted(owner)}, ${ours === undefined ? `and no owner is configured here${isUnconfigured ? `: ${noConfiguration}` : ''}` : `not to ${quoted(ours)}`}`,
      hint:
        ours === undefined
          ? `if you are ${owner}, run Downbeat with its configuration: --config FILE, or in or below the folder of its downbeat.yaml`
          : `choose another name, or remove the manifest; only if ${owner} hands the schedule over to you, pass --take-over ${owner}`,
    }),
  },
  /** `path`: of the manifest, in the commit that is checked out. */
  'still-committed': {
    means:
      'a delete is refused: the checked out commit still has the manifest, which was not read or is deleted and not committed; exit 3',
    page: 'two-teams.md#deletes',
    message: ({ name, path }: Texts<'name' | 'path'>): string =>
      `the schedule ${quoted(name)} is in no manifest that was read, but the checked out commit has its manifest in ${quoted(path)}`,
    hint: 'commit the removal, or find out why the file was not read; to delete the schedule anyway, pass --allow-uncommitted',
  },
  /** Its protection outlived its manifest. */
  'protected-orphan': {
    means: 'a protected schedule is in no manifest any more: it stays on the server',
    fix: 'put its manifest back; to delete it, first remove its protection in a commit of its own',
    message: ({ name, paused = false }: Texts<'name'> & { readonly paused?: boolean }): string =>
      `the schedule ${quoted(name)} is protected, and no manifest that was read has it: it stays on the server${paused ? ', paused' : ' and keeps firing'}`,
    hint: 'put its manifest back; to delete it, first apply a commit that removes `lifecycle.protect`, then remove the manifest; to rename it, list it in `lifecycle.previousNames` of the new manifest',
  },
  /** The schedule has no marker but one that was written for another name. */
  'copied-marker': {
    means:
      'the schedule carries a marker that was written for another name, so it is a copy without an owner',
    fix: 'delete it, or write a manifest for it',
    page: 'two-teams.md',
    message: ({ name, owner }: Texts<'name' | 'owner'>): string =>
      `the schedule ${quoted(name)} carries a copy of a marker of ${quoted(owner)}, so it has no owner`,
    hint: 'somebody copied one of your schedules; Downbeat never deletes the copy: delete it on the server, or write a manifest for it',
  },
  'needs-adopt': {
    means: 'the schedule carries no marker and differs from its manifest; exit 3',
    remedy:
      'check the difference; `downbeat pull` takes the values of the server, `--adopt NAME` those of the manifest',
    page: 'existing-server.md',
    /** `unknown`: the secrets that it would take to compare the two. */
    words: ({ name, unknown }: Texts<'name'> & { readonly unknown?: readonly string[] }): Words =>
      unknown === undefined
        ? {
            message: `the schedule ${quoted(name)} is on the server without a marker and differs from its manifest; somebody else may have created it, or removed the marker`,
            hint: `check the difference; to make the schedule yours and equal to the manifest, pass --adopt ${quoted(name)}`,
          }
        : {
            message: `the schedule ${quoted(name)} is on the server without a marker and cannot be compared with its manifest until ${unknown.join(', ')} ${unknown.length === 1 ? 'is' : 'are'} set`,
            hint: `set ${unknown.join(', ')} and plan again: if the schedule equals its manifest, it becomes yours without --adopt`,
          },
  },
} as const;
