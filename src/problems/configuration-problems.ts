import { home } from '../model/generated/package.ts';
import { type FieldPath, pathText } from '../model/schedule.ts';
import type { Texts, Words } from './family.ts';
import { didYouMean, list, quoted } from './quote.ts';

/**
 * Why a reference cannot be resolved.
 * - `form`: the name is missing, has a character other than letters, digits, `_` and `-`, or there is no `}`
 * - `dollar-before-secret`: a resolved value ends in `$` and a secret follows: together they would be an escape
 */
type ReferenceFault = 'form' | 'dollar-before-secret';

/** No owner on GitHub has an underscore: such a home is still to be filled in. */
const issues = /^[^/]*_/.test(home) ? '' : ` at https://github.com/${home}/issues`;

/** Configuration, overlays and references. */
export const configurationProblems = {
  /** What was typed or exported cannot be used; the words come from where it was read. */
  usage: {
    means: 'flags, arguments or variables that cannot be used, by themselves or together',
    remedy: 'see `downbeat help COMMAND`',
    words: ({ message, hint }: Texts<'message' | 'hint'>): Words => ({
      message,
      hint,
    }),
  },
  'internal-error': {
    means: 'a bug in Downbeat',
    remedy: 'report it with what `--debug` prints',
    words: ({ what, version }: Texts<'what' | 'version'>): Words => ({
      message: `internal error in Downbeat ${version}: ${what}`,
      hint: `report it${issues} with what --debug prints`,
    }),
  },
  'not-a-config': {
    means: 'a configuration file that is not a mapping',
    message: ({ found }: Texts<'found'>): string => `the configuration must be a mapping, not ${found}`,
    hint: 'its keys are server, manifests, owner, prune, ignore, defaults, limits and environments, all optional',
  },
  /** In `downbeat.yaml`, outside `defaults`. */
  'reference-in-config': {
    means: `\`\${var.…}\` in the configuration, outside \`defaults\``,
    message: ({ text }: Texts<'text'>): string =>
      `${quoted(text)} is not resolved here: in the configuration, references work only in \`defaults\``,
    hint: 'write the value itself; put what differs between servers under `environments`',
  },
  'bad-server-url': {
    means: 'an invalid server URL in the configuration',
    message: ({ field, why }: { readonly field: FieldPath; readonly why: string }): string =>
      `${pathText(field)} is not a usable URL: ${why}`,
    hint: 'it should look like https://conductor.example.com/api',
  },
  'credentials-in-config': {
    means: 'a server URL with a user or password in the configuration',
    message: ({ field }: { readonly field: FieldPath }): string =>
      `${pathText(field)} contains a user or password`,
    hint: 'credentials come only from the environment: write the URL without them, and set CONDUCTOR_SERVER_URL to the URL that has them',
  },
  'no-overlays': {
    means: "the environment's overlay directory does not exist",
    page: 'environments.md',
    message: ({ path }: Texts<'path'>): string => `overlay directory ${quoted(path)} not found`,
    hint: 'the path is relative to the configuration file; remove `overlays` if there are none',
  },
  'unknown-overlay': {
    means: 'an overlay for a name that no manifest has',
    remedy: 'correct its name, add the manifest, or remove the overlay',
    page: 'environments.md',
    words: ({ name, nearest }: Texts<'name', 'nearest'>): Words => ({
      message: `overlay for ${quoted(name)}, which no manifest defines`,
      hint: didYouMean(nearest) ?? 'remove it, or add the manifest',
    }),
  },
  /** `other`: the place of the first one, `file:line:column`. */
  'two-overlays': {
    means: 'two overlays for one name',
    message: ({ name, other }: Texts<'name' | 'other'>): string =>
      `${quoted(name)} already has an overlay at ${other}`,
    hint: 'a schedule has one overlay per environment: merge the two',
  },
  'overlay-against-pause': {
    means: 'an overlay with `paused: false` in an environment that pauses every schedule',
    message: ({ reason }: Texts<'reason'>): string =>
      `the environment pauses every schedule (${quoted(reason)}), and this overlay does not`,
    hint: 'remove `paused` here, or from the environment',
  },
  'not-defaults': {
    means: 'a `_defaults.yaml` that is not one mapping',
    message: 'the defaults of a folder must be one mapping',
    hint: 'its keys are zoneId, tags and startWorkflowRequest; a list or a second document has no meaning here',
  },
  'two-defaults': {
    means: 'two files of defaults in one folder',
    message: ({ other }: Texts<'other'>): string => `the folder already has its defaults in ${quoted(other)}`,
    hint: 'merge the two',
  },
  'ignored-name': {
    means: 'a manifest whose name matches `ignore`',
    message: ({ name, pattern }: Texts<'name' | 'pattern'>): string =>
      `the name ${quoted(name)} matches ${quoted(pattern)} in \`ignore\`, so it is never touched`,
    hint: 'rename the schedule, or make the pattern in the configuration narrower',
  },
  'bad-reference': {
    means: `\`\${var.…}\`, \`\${env.…}\` or \`\${secret.…}\` without a valid name`,
    remedy: `write \`\${var.NAME}\`, \`\${env.NAME}\` or \`\${secret.NAME}\`; for the text itself, \`$\${var.NAME}\``,
    words: ({ text, fault }: { readonly text: string; readonly fault: ReferenceFault }): Words =>
      fault === 'form'
        ? {
            message: `${quoted(text)} is not a valid reference: the name after the dot may have letters, digits, _ and -`,
            hint: `write \${var.NAME}, \${env.NAME} or \${secret.NAME}; for the text itself, double the dollar: $\${var.NAME}`,
          }
        : {
            message: `in ${quoted(text)}, a value that ends in $ comes right before a secret`,
            hint: 'move the whole text into the secret, or put something between the two',
          },
  },
  /** `environments`: those whose variables have the name, when the chosen one does not. */
  'undefined-variable': {
    means: 'a variable that neither the environment nor `--var` defines',
    remedy: 'define it under `variables` of the environment, or pass `--var NAME=VALUE`',
    page: 'environments.md',
    words: ({
      name,
      nearest,
      environments,
    }: Texts<'name', 'nearest'> & { readonly environments: readonly string[] }): Words => ({
      message: `variable ${quoted(name)} is not defined`,
      hint:
        nearest !== undefined
          ? `did you mean ${quoted(nearest)}?`
          : environments.length > 0
            ? `${list(environments)} ${environments.length === 1 ? 'defines' : 'define'} it: choose an environment with --env, or pass --var ${name}=VALUE`
            : `add it to the environment's \`variables\` in the configuration, or pass --var ${name}=VALUE`,
    }),
  },
  'undefined-env': {
    means: 'an environment variable that is not set',
    message: ({ name }: Texts<'name'>): string => `environment variable ${name} is not set`,
    hint: 'set it where Downbeat runs; an empty value counts as set',
  },
  'undefined-secret': {
    means: 'a secret that is not set, or empty',
    page: 'secrets.md#pass-secrets-in-ci',
    message: ({ name }: Texts<'name'>): string =>
      `environment variable ${name}, used as a secret, is not set or empty`,
    hint: 'set it where Downbeat runs; `downbeat plan --allow-unknown-secrets` shows a plan without it',
  },
  /** A name that `${env.…}` or `${secret.…}` may not read. */
  'refused-name': {
    means:
      'an environment variable of the pipeline, one that `allow` in the configuration does not list, or any in a run whose files are not trusted',
    remedy: 'add it to `allow`, or pass the value under another name',
    page: 'security.md',
    words: ({
      kind,
      name,
      fault,
    }: {
      readonly kind: 'env' | 'secret';
      readonly name: string;
      /** `strangers`: the manifests are not trusted, and the secrets are ours. */
      readonly fault: 'reserved' | 'not-allowed' | 'strangers';
    }): Words => ({
      message: `\${${kind}.${name}} is not allowed: ${
        {
          reserved: reservedOwner(name),
          'not-allowed': `\`allow.${kind === 'env' ? 'env' : 'secrets'}\` in the configuration does not list it`,
          strangers: 'the manifests are not trusted in this run',
        }[fault]
      }`,
      hint: {
        reserved: 'pass what you need under a different name',
        'not-allowed':
          kind === 'env'
            ? `add it to \`allow.env\`; for a credential use \${secret.${name}} instead, which is masked everywhere`
            : 'add it to `allow.secrets`',
        strangers: `plan on pull_request, or take the value from \${var.…}`,
      }[fault],
    }),
  },
  'secret-outside-input': {
    means: "a secret outside the workflow's input",
    page: 'secrets.md',
    message: ({ name }: Texts<'name'>): string =>
      `\${secret.${name}} is allowed only inside startWorkflowRequest.input`,
    hint: 'servers and logs show the other fields: pass the secret as an input of the workflow',
  },
} as const;

function reservedOwner(name: string): string {
  const prefix = name.slice(0, name.indexOf('_')).toUpperCase();
  return prefix === 'CONDUCTOR'
    ? 'names that begin with CONDUCTOR_ hold the credentials that Downbeat connects with'
    : `names that begin with ${prefix}_ belong to the pipeline, and whoever opens a pull request may set some`;
}
