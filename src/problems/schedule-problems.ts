import type { NameFault, NameOddity } from '../model/name.ts';
import type { Texts, Words } from './family.ts';
import { didYouMean, quoted } from './quote.ts';

type TagFault = 'colon-in-key' | 'colon-in-value' | 'empty-key';

/** What is wrong with a manifest itself, or between two of them: names, tags, pauses, paths, comments. */
export const scheduleProblems = {
  'bad-name': {
    means: 'a name that the server stores but cannot reach afterwards, or never fires',
    remedy: 'rename the schedule',
    words: ({ name, fault }: { readonly name: string; readonly fault: NameFault }): Words => ({
      message: `the name ${quoted(name)} ${nameFaults[fault].message}`,
      hint: nameFaults[fault].hint,
    }),
  },
  'odd-name': {
    means: 'a name that works but is easy to mistype',
    fix: 'rename it',
    message: ({ name, oddity }: { readonly name: string; readonly oddity: NameOddity }): string =>
      `the name ${quoted(name)} ${nameOddities[oddity]}`,
    hint: 'it works, but looks the same as the name without it: remove it',
  },
  /** `other`: the place of the first one, `file:line:column`. */
  'duplicate-name': {
    means: 'two manifests for one schedule',
    message: ({ name, other }: Texts<'name' | 'other'>): string =>
      `duplicate name ${quoted(name)}: also in the manifest at ${other}`,
    hint: 'a schedule has one manifest: remove or rename one of the two',
  },
  /** `other`: the place of the other manifest, `file:line:column`; absent = it is a schedule on the server. */
  'names-collide': {
    severity: 'error',
    means:
      'two names that differ only in case, accents, trailing spaces or Unicode form: a common database treats them as one, and the second save overwrites the first; `plan` compares new names with the server too',
    fix: 'rename one of them',
    words: ({ name, otherName, other, side = 'server', renamed = false }: NameCollision): Words => {
      const where = other === undefined ? (side === 'base' ? 'in the base' : 'on the server') : `at ${other}`;
      const same = `the names ${quoted(name)} and ${quoted(otherName)} ${where} are the same for many databases (case, accents, trailing spaces and Unicode form are ignored)`;
      return renamed
        ? {
            message: `${same}: there, this rename would overwrite the schedule and then delete it`,
            hint: 'on a server with MySQL or MariaDB, rename it to a third name first, and to this one in a later commit; if your database tells them apart, add the comment: # downbeat: allow names-collide because …',
          }
        : {
            message: same,
            hint: 'a server on MySQL or MariaDB keeps only one of the two schedules: rename one, or, if your database tells them apart, add the comment: # downbeat: allow names-collide because …',
          };
    },
  },
  'confusable-name': {
    means:
      'a name with a letter of one script among letters of another that look the same, such as a Cyrillic `а` in a Latin name',
    fix: 'type the name again in one script',
    message: ({ name, letter, script, among }: Texts<'name' | 'letter' | 'script' | 'among'>): string =>
      `the name ${quoted(name)} contains the ${script} letter ${quoted(letter)} (U+${codePoint(letter)}) among ${among} letters`,
    hint: 'it looks like another letter, and the two names are different: type the name again in one script',
  },
  'reason-without-pause': {
    means: '`pausedReason` without `paused: true`',
    message: ({ name }: Texts<'name'>): string =>
      `${scheduleText(name)} has a pausedReason without \`paused: true\``,
    hint: 'add `paused: true`, or remove the reason',
  },
  'bad-tag': {
    means: 'a tag with a colon, which breaks `key:value` on the server',
    remedy: 'use another character than the colon',
    words: ({ key, fault }: { readonly key: string; readonly fault: TagFault }): Words => ({
      message: `the tag ${quoted(key)} ${tagFaults[fault]}`,
      hint:
        fault === 'empty-key'
          ? 'every tag needs a key and a value'
          : 'servers write tags as key:value in permissions and searches: use another character',
    }),
  },
  /** A path of `lifecycle` that leads to no field: it would ignore nothing. */
  'unknown-path': {
    means: 'a path in `lifecycle.ignoreChanges` that is not a field',
    remedy: 'begin at the top of the schedule, as in `startWorkflowRequest.input.account`',
    words: ({ path, key, nearest }: Texts<'path' | 'key', 'nearest'>): Words => ({
      message: `unknown path ${quoted(path)}: a schedule has no field ${quoted(key)} there`,
      hint:
        didYouMean(nearest) ?? 'a path starts at the top of the schedule: startWorkflowRequest.input.account',
    }),
  },
  /** A comment allows a code that is not a rule; `nearest` is one that is. */
  'unknown-rule': {
    means: 'a comment allows an unknown rule or policy',
    remedy: 'correct the name: it is a rule of this page or a policy of yours',
    words: ({ code, nearest }: Texts<'code', 'nearest'>): Words => ({
      message: `this comment allows ${quoted(code)}, which is neither a rule nor a policy`,
      hint:
        didYouMean(nearest) ??
        '`downbeat explain CODE` explains a rule, and `policies` in the configuration names the file of policies',
    }),
  },
  'allowance-without-reason': {
    means: 'a comment allows a rule or a policy and gives no reason',
    remedy: 'write `# downbeat: allow RULE because …`',
    words: ({ code }: Texts<'code'>): Words => ({
      message: `this comment allows ${code} without a reason`,
      hint: `write # downbeat: allow ${code} because …`,
    }),
  },
  'unused-allowance': {
    means: 'a comment allows a problem that does not occur',
    fix: 'remove the comment',
    message: ({ code }: Texts<'code'>): string =>
      `this comment allows ${code}, but the problem does not occur here`,
    hint: 'remove the comment; it applies to its own line or the one below it, or, at the top, to the whole document',
  },
} as const;

const nameOddities: { readonly [O in NameOddity]: string } = {
  'space-at-the-end': 'begins or ends with a space',
  'control-character': 'contains an invisible character',
};

const tagFaults: { readonly [F in TagFault]: string } = {
  'colon-in-key': 'has a colon in its key',
  'colon-in-value': 'has a colon in its value',
  'empty-key': 'has no key',
};

const nameFaults: { readonly [F in NameFault]: Words } = {
  separator: {
    message:
      'contains a slash or backslash: the server stores it, but cannot read, change or delete it by name',
    hint: 'use - or . instead',
  },
  dots: {
    message: 'is a path segment, so no request for it reaches the server',
    hint: 'choose a different name',
  },
  route: {
    message: "is one of the server's own routes, so requests for it go elsewhere",
    hint: 'choose a longer name',
  },
  organisation: {
    message:
      'has a colon as its fifth character: the server reads the part before it as an organization and never fires',
    hint: 'move the colon, or use - instead',
  },
  json: {
    message: 'is a JSON object: the server reads it as one of its own records and never fires',
    hint: 'choose a plain name',
  },
  length: {
    message: 'is longer than the 255 characters that servers store',
    hint: 'choose a shorter name',
  },
  surrogate: {
    message: 'contains half of a surrogate pair, which a URL cannot hold',
    hint: 'write the whole character, or remove it',
  },
};

function codePoint(letter: string): string {
  return (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}

function scheduleText(name: string): string {
  return name === '' ? 'the schedule' : `the schedule ${quoted(name)}`;
}

/** Two names. `other`: the place of the other manifest; absent = it is on that side. `renamed`: one becomes the other. */
type NameCollision = Texts<'name' | 'otherName', 'other'> & {
  readonly side?: 'server' | 'base';
  readonly renamed?: boolean;
};
