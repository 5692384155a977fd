import { type FieldPath, pathText } from '../model/schedule.ts';
import type { Texts, Words } from './family.ts';
import { didYouMean, quoted } from './quote.ts';

/**
 * Why a file is not a plan that can be carried out.
 * - `json`: not JSON, as after a write or a download that broke off
 * - `kind`: JSON of another kind; `detail`: which, if it says so
 * - `format`: of another version of Downbeat; `detail`: its number
 * - `form`: `detail`: the path to what does not belong there or is missing
 * - `edited`: not what was saved
 */
type PlanFileFault = 'json' | 'kind' | 'format' | 'form' | 'edited';

/** Selections, guards and saved plans. */
export const planProblems = {
  'unknown-target': {
    means: '`--target` or `--exclude` names a schedule that is neither in the manifests nor on the server',
    message: ({ name }: Texts<'name'>): string =>
      `the schedule ${quoted(name)} is neither in the manifests nor on the server`,
    hint: 'check --target and --exclude: they take exact names',
  },
  'unmatched-flag': {
    severity: 'warning',
    means: '`--take-over`, `--adopt` or `--selector` with a value that no schedule has',
    remedy: 'check the spelling, or remove the flag',
    words: ({
      flag,
      value,
      nearest,
    }: Texts<'value', 'nearest'> & {
      readonly flag: '--take-over' | '--adopt' | '--selector';
    }): Words => ({
      message: `${flag} ${quoted(value)}: ${unmatched[flag]}`,
      hint: didYouMean(nearest) ?? `check the spelling, or remove ${flag}`,
    }),
  },
  guard: {
    means: 'the plan exceeds a limit; exit 3',
    remedy:
      'check that the changes are intended; the flag that the message names, such as `--max-deletes 14`, accepts them once, `limits` in the configuration for good',
    page: 'before-the-merge.md#catch-a-wrong-change',
    words: ({
      guard,
      seen,
      limit,
      at,
      names = [],
      renames = 0,
      ofAll = false,
      waiting = false,
    }: {
      readonly guard: 'deletes' | 'updates' | 'creates' | 'pauses' | 'fires-per-day' | 'fires-per-minute';
      readonly seen: number;
      readonly limit: number;
      /** When the busiest UTC day or minute begins. */
      readonly at?: string;
      /** Of the schedules that it counts. */
      readonly names?: readonly string[];
      /** So many of them are renamed. */
      readonly renames?: number;
      /** It is every schedule of the owner, and few enough otherwise. */
      readonly ofAll?: boolean;
      /** They are not carried out while schedules are refused. */
      readonly waiting?: boolean;
    }): Words => ({
      message:
        at === undefined
          ? [
              `the plan has ${counted(seen)} ${seen === 1 ? guard.replace(/s$/, '') : guard}`,
              renames === 0
                ? ''
                : ` (a rename counts as one${seen === 1 ? '' : `; ${counted(renames)} here`})`,
              waiting ? ' that wait for now' : '',
              `, over the limit of ${counted(limit)}`,
              ofAll ? ' (a percentage never covers all schedules of an owner)' : '',
              names.length === 0 ? '' : `: ${few(names)}`,
            ].join('')
          : `after this plan, ${guard === 'fires-per-day' ? at.slice(0, 10) : `the minute ${at}`} has ${counted(seen)} fires of all schedules, over the limit of ${counted(limit)}`,
      hint: `if this is intended, accept it with --max-${guard} ${seen}`,
    }),
  },
  /** `field` is masked wherever it is shown, so it must not be in a file; without it, a secret's value is elsewhere. */
  'literal-in-plan': {
    means: 'a masked value, or the value of a secret, would be stored in a saved plan',
    remedy: `use \`\${secret.NAME}\` instead of the value`,
    page: 'secrets.md',
    words: ({ name, field }: { readonly name: string; readonly field?: FieldPath }): Words =>
      field === undefined
        ? {
            message: `the plan for ${quoted(name)} contains the value of a secret as plain text, so it is not saved`,
            hint: `use \${secret.NAME} everywhere in the manifest instead of the value`,
          }
        : {
            message: `${pathText(field)} of ${quoted(name)} is masked, and a saved plan would contain it as plain text`,
            hint: isInput(field)
              ? `masked literals are never saved: put the value into an environment variable and use \${secret.NAME}`
              : 'only a value inside startWorkflowRequest.input can be a secret: apply without a file, with `downbeat apply --expect-digest`',
          },
  },
  'bad-plan-file': {
    means: 'a file that is not a saved plan, is incomplete, or was edited',
    remedy: 'save the plan again with `downbeat plan --out FILE`',
    page: 'reviewed-deploys.md',
    words: ({ fault, detail = '' }: { readonly fault: PlanFileFault; readonly detail?: string }): Words =>
      planFileWords[fault](detail),
  },
  /** What is planned for one server, owner or kind of server, and what this run has. */
  'plan-for-other': {
    means: 'a saved plan for another server, owner, server type or digest key',
    remedy: 'apply it with the settings that it was made with, or plan again',
    page: 'reviewed-deploys.md',
    words: ({
      what,
      planned,
      here,
    }: Texts<'planned' | 'here'> & {
      readonly what: 'server' | 'owner' | 'serverType' | 'digest-key';
    }): Words =>
      ({
        server: {
          message: `the plan is for the server ${planned}, and this run uses ${here}`,
          hint: 'select its server with --server, CONDUCTOR_SERVER_URL or --env, or plan again for this one',
        },
        owner: {
          message: `the plan has ${planned === '' ? 'no owner' : `the owner ${quoted(planned)}`}, and the configuration has ${quoted(here)}`,
          hint: 'apply it with the configuration that it was made with, or plan again',
        },
        serverType: {
          message: `the plan is for a server of type ${planned}, and this one is ${here}, which stores different things`,
          hint: 'the server was upgraded or replaced since then: plan again',
        },
        'digest-key': {
          message: `the plan was made with ${here === '' ? 'DOWNBEAT_DIGEST_KEY, which is not set here' : 'another DOWNBEAT_DIGEST_KEY'}`,
          hint: 'set the key that the plan was made with, or plan again',
        },
      })[what],
  },
  'plan-changed': {
    means: 'the digest of the plan is not the one in `--expect-digest`; exit 4',
    page: 'reviewed-deploys.md',
    message: ({ digest, expected }: Texts<'digest' | 'expected'>): string =>
      `this is not the plan that was reviewed: its digest is ${digest}, expected ${expected}`,
    hint: 'the manifests, the settings, the server or a secret changed, or the plan was already applied: review the plan again and pass its digest',
  },
} as const;

const again = 'save the plan again with `downbeat plan --out FILE`';

const planFileWords: { readonly [F in PlanFileFault]: (detail: string) => Words } = {
  json: () => ({
    message: 'not a saved plan, or an incomplete one: invalid JSON',
    hint: `it may be cut off: ${again}`,
  }),
  kind: (detail) =>
    detail === ''
      ? {
          message: 'not a saved plan',
          hint: 'FILE must be a plan saved with `downbeat plan --out FILE`; to apply manifests, pass their directory',
        }
      : {
          message: `not a saved plan, but JSON of kind ${quoted(detail)}`,
          hint: 'the output of `--output json` is for reading: save a plan to apply with `downbeat plan --out FILE`',
        },
  format: (detail) => ({
    message: `unsupported saved plan: its format is ${detail}, and this version of Downbeat supports 1`,
    hint: 'apply it with the version of Downbeat that saved it, or save it again with this one',
  }),
  form: (detail) => ({
    message: `invalid saved plan: see ${quoted(detail)}`,
    hint: `plans are not written by hand: ${again}`,
  }),
  edited: () => ({
    message: 'the plan was edited after it was saved, so it is not what was reviewed',
    hint: `change the manifests instead, and ${again}`,
  }),
};

function isInput([first, second]: FieldPath): boolean {
  return first === 'startWorkflowRequest' && second === 'input';
}

function counted(count: number): string {
  return count.toLocaleString('en-US');
}

/** The first few names, and how many more there are. */
function few(names: readonly string[]): string {
  const rest = names.length - mostNamed;
  return `${names.slice(0, mostNamed).map(quoted).join(', ')}${rest > 0 ? ` and ${counted(rest)} more` : ''}`;
}

const mostNamed = 5;

const unmatched = {
  '--take-over': 'no schedule on the server has that owner',
  '--adopt': 'no manifest has that name',
  '--selector': 'no schedule has that tag, in a manifest or on the server',
} as const;
