import { utcText } from '../cron/zone/utc.ts';
import type { NameFault } from '../model/name.ts';
import { type FieldPath, pathText } from '../model/schedule.ts';
import type {
  Diagnostic,
  DiagnosticArgs,
  DiagnosticCode,
  PreviousNameFault,
  TagFault,
  TimeFault,
} from './diagnostic.ts';
import { ruleWords } from './explain-rules.ts';
import type { Explanation } from './explanation.ts';
import { list, quoted } from './quote.ts';

/** The words for a problem. */
export function explain(diagnostic: Diagnostic): Explanation {
  const words = table[diagnostic.code] as (args: Diagnostic['args']) => Explanation;
  return words(diagnostic.args);
}

/** Those whose severity can be set are in a table of their own. */
const table: { readonly [C in DiagnosticCode]: (args: DiagnosticArgs[C]) => Explanation } = {
  usage: ({ message, hint }) => ({ message, hint }),
  'no-directory': ({ path }) => ({
    message: `there is no directory ${quoted(path)}`,
    hint: 'run the command where the manifests are, or name their directory: `downbeat validate DIR`',
  }),
  'not-a-directory': ({ path }) => ({
    message: `${quoted(path)} is not a directory`,
    hint: 'name the directory that holds the manifests',
  }),
  unreadable: ({ path, why }) => ({
    message: `cannot read ${quoted(path)}: ${why}`,
    hint: 'nothing is compared while a part of the manifests is unknown: make it readable or move it elsewhere',
  }),
  'no-manifests': ({ path }) => ({
    message: `no manifest in ${quoted(path)}`,
    hint: 'manifests are .yaml, .yml and .json files; if there should be none, pass --allow-empty',
  }),

  'json-syntax': ({ expected }) => ({
    message: `not valid JSON: expected ${expected} here`,
    hint: 'look for a missing comma or quote; a file that ends in .yaml may have comments and more',
  }),
  'yaml-syntax': ({ why }) => ({
    message: `not valid YAML: ${why}`,
    hint: 'look at the indentation, brackets and quotes here and on the line before',
  }),
  'tab-indent': () => ({
    message: 'a tab in the indentation',
    hint: 'YAML indents with spaces alone',
  }),
  'unquoted-value': ({ text }) => ({
    message: `a plain value cannot begin with ${quoted(text.charAt(0))}`,
    hint: `put it in quotes: ${quoted(text)}`,
  }),
  'unquoted-colon': ({ text }) => ({
    message: 'a plain value cannot contain a colon followed by a blank',
    hint: `put it in quotes: ${quoted(text)}`,
  }),
  'unquoted-reference': ({ text }) => ({
    message: `inside of [ ] and { } YAML takes the brace of ${quoted(text)} for a mapping`,
    hint: `put the whole value in quotes, as in ${quoted(text)}`,
  }),
  'colon-without-blank': ({ key }) => ({
    message: `a blank is missing behind ${quoted(`${key}:`)}`,
    hint: `write \`${key}: …\``,
  }),
  'template-braces': () => ({
    message: 'Downbeat fills in no {{ … }}',
    hint: 'render such templates before, or put the value in quotes if the braces belong to it',
  }),
  'unclosed-quote': ({ quote }) => ({
    message: `this ${quote} is never closed`,
    hint: `write a closing ${quote} at the end of the text`,
  }),
  'bad-escape': ({ sequence }) => ({
    message: `${sequence} means nothing between double quotes`,
    hint: String.raw`write the backslash twice, \\, or use single quotes`,
  }),
  'control-character': ({ codePoint }) => ({
    message: `a control character (${unicodeName(codePoint)})`,
    hint: 'save the file as UTF-8 text; inside double quotes a control character is written as an escape',
  }),
  'lone-surrogate': () => ({
    message: 'half of a surrogate pair is no character',
    hint: String.raw`write both halves (\ud83d\ude00), or the character itself`,
  }),
  'unknown-tag': ({ tag }) => ({
    message: `unknown YAML tag ${quoted(tag)}`,
    hint: tag.startsWith('!!')
      ? 'remove it: a manifest holds what JSON can hold'
      : 'remove it, or put the value in quotes if the ! belongs to it',
  }),
  'unknown-alias': ({ alias }) => ({
    message: `nothing before has the anchor &${alias}`,
    hint: `define it further up in the same document, or put the value in quotes: ${quoted(`*${alias}`)}`,
  }),
  'alias-loop': ({ alias }) => ({
    message: `*${alias} stands inside of what it refers to`,
    hint: 'a value cannot contain itself: write out what is meant',
  }),
  'alias-bomb': ({ limit }) => ({
    message: `the aliases of this document stand for more than ${limit} values`,
    hint: 'aliases of aliases multiply: write some of them out, or split the document',
  }),
  'too-deep': ({ limit }) => ({
    message: `nested more than ${limit} levels deep`,
    hint: 'servers refuse such values: make it flatter',
  }),
  'bad-merge': () => ({
    message: '<< merges mappings, and this is none',
    hint: 'write `<<: *anchor` with the anchor at a mapping, or "<<" in quotes for a key of that name',
  }),
  'duplicate-key': ({ key }) => ({
    message: `the key ${quoted(key)} stands twice`,
    hint: 'remove one of the two',
  }),
  'number-range': ({ text }) => ({
    message: `${quoted(text)} is not a number that JSON can hold`,
    hint: `put it in quotes if it is a text: ${quoted(text)}`,
  }),
  'cut-by-comment': ({ kept, lost }) => ({
    message: `YAML takes ${quoted(lost)} for a comment, so the cron would be ${quoted(kept)}`,
    hint: `put the whole cron in quotes; "on the nth weekday" is written without a blank, as in "0 0 2 ? * MON#1"`,
  }),
  'not-a-manifest': ({ found }) => ({
    message: `expected a manifest (a mapping), found ${found}`,
    hint: 'a manifest begins with `name: …`; several stand in one file as documents between --- or as a list',
  }),

  'unknown-key': ({ key, nearest, parent }) => ({
    message: `unknown key ${quoted(key)}${parent.length === 0 ? '' : ` in ${pathText(parent)}`}`,
    hint: nearest === undefined ? 'remove it: nothing reads it' : `did you mean ${quoted(nearest)}?`,
  }),
  'server-field': ({ key }) => ({
    message: `${quoted(key)} is set by the server, it cannot be in a manifest`,
    hint: 'remove it; `downbeat pull --from` turns a body that was copied from a server into a manifest',
  }),
  'missing-key': ({ key, parent }) => ({
    message: `${quoted(key)} is missing${parent.length === 0 ? '' : ` in ${pathText(parent)}`}`,
    hint: missingHints[pathText([...parent, key])] ?? `add ${quoted(key)}`,
  }),
  'wrong-type': ({ field, expected, found, rewrite }) => ({
    message: `${fieldText(field)} must be ${expected}, not ${found}`,
    hint:
      rewrite === undefined
        ? `give it ${expected}, or leave it out`
        : `${rewrite.startsWith('"') ? 'put it in quotes' : 'take away the quotes'}: ${rewrite}`,
  }),
  'wrong-value': ({ field, expected, found }) => ({
    message: `${fieldText(field)} must be ${expected}, not ${found}`,
    hint: `give it ${expected}`,
  }),
  'bad-time': ({ field, text, fault }) => ({
    message: `${fieldText(field)}: ${quoted(text)} ${timeFaults[fault].message}`,
    hint: timeFaults[fault].hint,
  }),

  'not-a-config': ({ found }) => ({
    message: `a configuration file is one mapping, this is ${found}`,
    hint: 'its keys are server, manifests, owner, prune, ignore, defaults, limits and environments, each optional',
  }),
  'reference-in-config': ({ text }) => ({
    message: `${quoted(text)} would stay as it is: in the configuration references are resolved in \`defaults\` alone`,
    hint: 'write the value itself; what differs between servers goes under `environments`',
  }),
  'bad-server-url': ({ field, why }) => ({
    message: `${pathText(field)} is unusable: ${why}`,
    hint: 'it looks like https://conductor.example.com/api',
  }),
  'credentials-in-config': ({ field }) => ({
    message: `${pathText(field)} has a user or a password in it`,
    hint: 'credentials come from the environment: write the URL without them, and set CONDUCTOR_SERVER_URL to the one with them',
  }),
  'no-overlays': ({ path }) => ({
    message: `there is no directory ${quoted(path)} of overlays`,
    hint: 'the path is relative to the configuration file; take `overlays` out when there are none',
  }),
  'unknown-overlay': ({ name, nearest }) => ({
    message: `an overlay for ${quoted(name)}, and no manifest has that name`,
    hint: nearest === undefined ? 'remove it, or write the manifest' : `did you mean ${quoted(nearest)}?`,
  }),
  'two-overlays': ({ name, other }) => ({
    message: `${quoted(name)} has another overlay at ${other}`,
    hint: 'one schedule has one overlay in an environment: put both into one document',
  }),
  'ignored-name': ({ name, pattern }) => ({
    message: `the name ${quoted(name)} is one that \`ignore\` says is never touched (${quoted(pattern)})`,
    hint: 'rename the schedule, or make the pattern in the configuration narrower',
  }),
  'bad-reference': ({ text, fault }) => ({
    message:
      fault === 'form'
        ? `${quoted(text)} is not a reference: behind the dot stands a name of letters, digits, _ and -`
        : `in ${quoted(text)} a value that ends in $ stands in front of a secret`,
    hint:
      fault === 'form'
        ? `write \${var.NAME}, \${env.NAME} or \${secret.NAME}; a text that only looks like it begins with two dollars, as in $\${var.NAME}`
        : 'put the whole text into the secret, or something between the two',
  }),
  'undefined-variable': ({ name, nearest, environments }) => ({
    message: `nothing defines the variable ${quoted(name)}`,
    hint:
      nearest !== undefined
        ? `did you mean ${quoted(nearest)}?`
        : environments.length > 0
          ? `${list(environments)} would: choose an environment with --env, or give --var ${name}=VALUE`
          : `add it to the \`variables\` of the environment in the configuration, or give --var ${name}=VALUE`,
  }),
  'undefined-env': ({ name }) => ({
    message: `the environment variable ${name} is not set`,
    hint: 'set it where Downbeat runs; empty is a value too',
  }),
  'undefined-secret': ({ name }) => ({
    message: `the environment variable ${name}, a secret here, is not set or empty`,
    hint: 'set it where Downbeat runs; `downbeat plan --allow-unknown-secrets` shows a plan without it',
  }),
  'refused-name': ({ kind, name, fault }) => ({
    message: `\${${kind}.${name}} is refused: ${
      {
        reserved: reservedOwner(name),
        credential: `its name says that it is a credential, and \${env.…} is shown in plans`,
        strangers: "on pull_request_target the manifests may be anybody's, and the environment is yours",
      }[fault]
    }`,
    hint: {
      reserved: 'pass what you need under a name of your own',
      credential: `write \${secret.${name}}, which is masked everywhere`,
      strangers: `plan on pull_request, or take the value from \${var.…}`,
    }[fault],
  }),
  'secret-outside-input': ({ name }) => ({
    message: `\${secret.${name}} stands outside of startWorkflowRequest.input`,
    hint: 'other fields are shown by servers and logs: a secret can only be an input of the workflow',
  }),

  'duplicate-name': ({ name, other }) => ({
    message: `the name ${quoted(name)} is taken by the manifest at ${other}`,
    hint: 'one schedule has one manifest: remove or rename one of the two',
  }),
  'bad-name': ({ name, fault }) => ({
    message: `the name ${quoted(name)} ${nameFaults[fault].message}`,
    hint: nameFaults[fault].hint,
  }),
  'no-cron': ({ name }) => ({
    message: `${scheduleText(name)} says nowhere when it fires`,
    hint: 'add `cronExpression: "0 0 6 * * *"` (second, minute, hour, day, month, day of week), or `cronSchedules`',
  }),
  'two-crons': ({ name }) => ({
    message: `${scheduleText(name)} has both cronExpression and cronSchedules, and the server reads the second alone`,
    hint: 'keep one of the two: cronExpression can be one more entry of cronSchedules',
  }),
  'bad-cron': ({ expression, why, hint }) => ({
    message: `the cron ${quoted(expression)} is not one that the server runs: ${why}`,
    hint:
      hint ?? 'six fields: second, minute, hour, day of month, month, day of week; as in "0 0 6 * * MON-FRI"',
  }),
  'runaway-cron': ({ expression }) => ({
    message: `the cron ${quoted(expression)} counts back more than 27 days, which short months do not have`,
    hint: 'there the server would fire about every second all that day: write the day itself, 1, 2 or 3',
  }),
  'bad-zone': ({ zone, why, nearest }) => ({
    message: `the zone ${quoted(zone)} is not one that the server knows: ${why}`,
    hint:
      nearest === undefined
        ? 'use a name from the IANA list such as Europe/Berlin, in exactly that spelling, or an offset such as +02:00'
        : `did you mean ${quoted(nearest)}?`,
  }),
  'unknown-rule': ({ code, nearest }) => ({
    message: `a comment allows ${quoted(code)}, which is no rule that can be allowed`,
    hint:
      nearest === undefined
        ? 'the table of problems in the README has the rules'
        : `did you mean ${quoted(nearest)}?`,
  }),
  'allowance-without-reason': ({ code }) => ({
    message: `this comment allows ${code} without a reason`,
    hint: `write # downbeat: allow ${code} because …`,
  }),
  'end-at-zero': () => ({
    message: 'scheduleEndTime 0 is the first of January 1970, so it would never fire',
    hint: 'leave scheduleEndTime out for a schedule without an end',
  }),
  'reason-without-pause': ({ name }) => ({
    message: `${scheduleText(name)} has a pausedReason without \`paused: true\``,
    hint: 'add `paused: true`, or remove the reason',
  }),
  'bad-tag': ({ key, fault }) => ({
    message: `the tag ${quoted(key)} ${tagFaults[fault]}`,
    hint:
      fault === 'empty-key'
        ? 'give it a key'
        : 'servers write a tag as key:value in permissions and searches: use another character',
  }),

  'old-scheduler': ({ version }) => ({
    message: `${version === undefined ? 'the server' : `Conductor ${version}`} has a scheduler from before Conductor 3.30.0, which Downbeat does not work with`,
    hint: 'upgrade Conductor to 3.30.0 or newer, better to 3.32.0',
  }),
  'unknown-path': ({ path, key, nearest }) => ({
    message: `the path ${quoted(path)} leads nowhere: a schedule has no field ${quoted(key)} there`,
    hint:
      nearest === undefined
        ? 'a path begins at the schedule, as startWorkflowRequest.input.account'
        : `did you mean ${quoted(nearest)}?`,
  }),
  'bad-previous-name': ({ name, previous, fault, other }) => ({
    message: `${quoted(previous)} cannot be a previous name of ${quoted(name)}: ${previousNameFaults[fault].message(other)}`,
    hint: previousNameFaults[fault].hint,
  }),
  'marker-in-manifest': ({ name }) => ({
    message: `the manifest of ${quoted(name)} sets the mark of an owner, or of an unfinished rename, itself`,
    hint: 'take it away: Downbeat writes it, from `owner` in downbeat.yaml and `lifecycle`',
  }),
  'protect-without-owner': ({ name }) => ({
    message: `${quoted(name)} is to be protected, and there is no owner`,
    hint: 'set `owner` in downbeat.yaml: without one nothing is ever deleted, and a protection has no place',
  }),
  'rename-outside': ({ name, previous, outside }) => ({
    message: `${quoted(name)} is a rename of ${quoted(previous)}, and this run leaves ${quoted(outside)} out`,
    hint: `a rename needs both names: take ${quoted(outside)} in with --target, or change --exclude or --selector`,
  }),
  'rename-elsewhere': ({ name, previous }) => ({
    message: `${quoted(name)} is a rename of ${quoted(previous)}, which a manifest outside of this directory may still use`,
    hint: 'a rename deletes, so it needs a run over the configured directory: leave DIR out',
  }),
  'rename-protected': ({ name, previous }) => ({
    message: `${quoted(name)} is a rename of ${quoted(previous)}, which is protected, and the new one is not`,
    hint: 'keep `lifecycle.protect: true` for the rename, and take it off in a later commit',
  }),
  'foreign-owner': ({ name, owner, ours }) => ({
    message: `the schedule ${quoted(name)} belongs to ${quoted(owner)}${ours === undefined ? ', and this run has no owner' : `, not to ${quoted(ours)}`}`,
    hint:
      ours === undefined
        ? 'set `owner` in downbeat.yaml, or run where that file is found, if it is yours'
        : `remove the manifest, or agree with ${owner} and take the schedule over: --take-over ${owner}`,
  }),
  'needs-adopt': ({ name }) => ({
    message: `the schedule ${quoted(name)} on the server has no marker of an owner, and differs from its manifest`,
    hint: `somebody created it by hand, or removed the marker in an edit; make it yours again, and equal to the manifest, with --adopt ${quoted(name)}`,
  }),
  'unknown-target': ({ name }) => ({
    message: `neither the manifests nor the server have a schedule ${quoted(name)}`,
    hint: 'look at --target and --exclude: they take exact names',
  }),
  'unknown-schedule': ({ name, nearest }) => ({
    message: `the server has no schedule ${quoted(name)}`,
    hint:
      nearest === undefined ? '`downbeat status` lists what there is' : `did you mean ${quoted(nearest)}?`,
  }),
  guard: ({ guard, seen, limit, at }) => ({
    message:
      at === undefined
        ? `the plan has ${seen} ${guard}, and the limit is ${limit}`
        : `with this plan ${guard === 'fires-per-day' ? utcText(at).slice(0, 10) : `the minute ${utcText(at)}`} has ${seen} fires of all schedules, and the limit is ${limit}`,
    hint: `if that is meant, accept it with --max-${guard} ${seen}`,
  }),
  'literal-in-plan': ({ name, field }) =>
    field === undefined
      ? {
          message: `the plan of ${quoted(name)} has the value of a secret in it as plain text, so it is not saved`,
          hint: `write \${secret.NAME} wherever the value stands in the manifest`,
        }
      : {
          message: `${pathText(field)} of ${quoted(name)} is masked wherever it is shown, and would stand in the file as plain text`,
          hint: isInput(field)
            ? `put the value into an environment variable and write \${secret.NAME} in its place`
            : 'only below startWorkflowRequest.input a value can be a secret: apply without a file, with `downbeat apply --expect-digest`',
        },
  'bad-plan-file': ({ fault, detail = '' }) => {
    const again = 'save the plan again with `downbeat plan --out FILE`';
    switch (fault) {
      case 'json':
        return {
          message: 'not a saved plan, or only a part of one: it is no valid JSON',
          hint: `it may have been cut off: ${again}`,
        };
      case 'kind':
        return {
          message: `not a saved plan${detail === '' ? '' : `, but JSON of kind ${quoted(detail)}`}`,
          hint:
            detail === ''
              ? 'a file is a plan that `downbeat plan --out FILE` saved; manifests are applied by naming their directory'
              : 'what `--output json` prints is for reading: `downbeat plan --out FILE` saves a plan that can be applied',
        };
      case 'format':
        return {
          message: `a saved plan of format ${detail}, and this version of Downbeat knows 1`,
          hint: 'apply it with the version of Downbeat that saved it, or save it again with this one',
        };
      case 'form':
        return {
          message: `not a saved plan: see ${quoted(detail)}`,
          hint: `a plan is not written by hand: ${again}`,
        };
      case 'edited':
        return {
          message: 'the plan was edited after it was saved, so it is not what was reviewed',
          hint: `change the manifests instead, and ${again}`,
        };
    }
  },
  'plan-for-other': ({ what, planned, here }) =>
    ({
      server: {
        message: `the plan is for the server ${planned}, and this run is for ${here}`,
        hint: 'name its server with --server, CONDUCTOR_SERVER_URL or --env, or plan again for this one',
      },
      owner: {
        message: `the plan is ${planned === '' ? 'without an owner' : `for the owner ${quoted(planned)}`}, and the configuration names ${quoted(here)}`,
        hint: 'apply it with the configuration that it was made with, or plan again',
      },
      serverType: {
        message: `the plan was made for a server of kind ${planned}, and this one is ${here}, which does not keep the same things`,
        hint: 'the server was upgraded or replaced in between: plan again',
      },
    })[what],
  'plan-changed': ({ digest, expected }) => ({
    message: `this is not the plan that was reviewed: its digest is ${digest}, and ${expected} was expected`,
    hint: 'manifests, settings or the server changed in between, or it has been applied already: review the plan again, and give its digest',
  }),
  ...ruleWords,
};

const missingHints: { readonly [field: string]: string } = {
  name: 'add `name: …`, the name of the schedule on the server',
  startWorkflowRequest: 'add `startWorkflowRequest: {name: my_workflow}`, what each fire starts',
  'startWorkflowRequest.name': 'add `name: …`, the name of the workflow to start',
};

const timeFaults: { readonly [F in TimeFault]: { readonly message: string; readonly hint: string } } = {
  form: {
    message: 'is not a time in ISO 8601',
    hint: 'write it as 2027-01-01T00:00:00-05:00, or as epoch milliseconds',
  },
  'no-offset': {
    message: 'does not say how far it is from UTC',
    hint: 'add Z for UTC, or an offset such as -05:00',
  },
  'no-such-day': {
    message: 'names a day that is not in the calendar',
    hint: 'look at the month and the day',
  },
  'no-such-time': {
    message: 'names a time that no day has',
    hint: 'hours go from 00 to 23, minutes and seconds from 00 to 59',
  },
  'no-such-offset': { message: 'is further than 18 hours from UTC', hint: 'look at the offset at the end' },
};

const nameFaults: { readonly [F in NameFault]: { readonly message: string; readonly hint: string } } = {
  separator: {
    message:
      'has a slash or backslash in it: the server stores it and then cannot be asked for it, not even to delete it',
    hint: 'use - or . instead',
  },
  dots: {
    message: 'is a step in a path: no request for it arrives',
    hint: 'give it another name',
  },
  route: {
    message: 'is the name of a route of the server, so a request for it is answered by something else',
    hint: 'give it a longer name',
  },
  organisation: {
    message:
      'has a colon as its fifth character: the server takes what is before it for an organisation and never fires',
    hint: 'move the colon or use - instead',
  },
  json: {
    message: 'is a JSON object: the server takes it for a record of its own and never fires',
    hint: 'give it a plain name',
  },
  length: {
    message: 'is longer than the 255 characters that servers store',
    hint: 'give it a shorter name',
  },
  surrogate: {
    message: 'has half of a surrogate pair in it, which cannot stand in a URL',
    hint: 'write the whole character, or leave it out',
  },
};

const previousNameFaults: {
  readonly [F in PreviousNameFault]: {
    readonly message: (other: string | undefined) => string;
    readonly hint: string;
  };
} = {
  own: {
    message: () => 'it is its present one',
    hint: 'list the names that it had before',
  },
  used: {
    message: (other) => `the manifest at ${other} has it`,
    hint: 'take it off the list: what another manifest names is not replaced. To swap names or hand them on, apply one rename at a time',
  },
  claimed: {
    message: (other) => `the manifest at ${other} claims it too`,
    hint: 'one schedule becomes one schedule: take it off one of the two lists',
  },
  unreachable: {
    message: () => 'no request for it arrives at a server, so it cannot be deleted under it',
    hint: 'take it off the list, and pause the old schedule on the server',
  },
};

const tagFaults: { readonly [F in TagFault]: string } = {
  'colon-in-key': 'has a colon in its key',
  'colon-in-value': 'has a colon in its value',
  'empty-key': 'has no key',
};

/** Whose the names with this prefix are. */
function isInput([first, second]: FieldPath): boolean {
  return first === 'startWorkflowRequest' && second === 'input';
}

function reservedOwner(name: string): string {
  const prefix = name.slice(0, name.indexOf('_')).toUpperCase();
  return prefix === 'CONDUCTOR'
    ? 'names that begin with CONDUCTOR_ hold what Downbeat itself connects with'
    : `names that begin with ${prefix}_ belong to the pipeline, and anybody who opens a pull request may set some`;
}

function scheduleText(name: string): string {
  return name === '' ? 'the schedule' : `the schedule ${quoted(name)}`;
}

function fieldText(path: FieldPath): string {
  return path.length === 0 ? 'the manifest' : pathText(path);
}

function unicodeName(codePoint: number): string {
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}
