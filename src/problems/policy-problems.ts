import type { Texts, Words } from './family.ts';
import { list, quoted } from './quote.ts';

/** What every breach of a policy says: whose rule it is, and which schedule breaks it. */
type Breach = {
  readonly policy: string;
  /** Why the policy is there, in the team's words. */
  readonly because?: string;
  readonly schedule: string;
  /** It is on the server and in no manifest. */
  readonly isUnmanaged?: true;
};

/** A fire as the proof has it: ISO 8601 with the offset of the zone that it is told in; of several timers with its cron. */
type Moment = { readonly at: string; readonly zone: string; readonly cron?: string };

/**
 * What is wrong with a policy.
 * - `rule`: it has the name of one of our rules, so that a comment could mean either
 * - `times`: both ends of `between` are the same
 * - `every`: longer than fires are computed for
 * - `environment`: the configuration has no such environment
 */
type PolicyFault =
  | 'nameless'
  | 'no-demand'
  | 'duplicate'
  | 'rule'
  | 'pattern'
  | 'zone'
  | 'times'
  | 'schema'
  | 'environment'
  | 'every';

/** A team's own rules. */
export const policyProblems = {
  'no-policies': {
    means: 'the file of policies that the configuration names cannot be read',
    page: 'policies.md',
    message: ({ path, why }: Texts<'path' | 'why'>): string =>
      `policies file ${quoted(path)} cannot be read: ${why}`,
    hint: 'the path is relative to the configuration file; remove `policies` if there are none',
  },
  'not-policies': {
    means: 'a file of policies that is not a list of mappings',
    page: 'policies.md',
    message: ({ found }: Texts<'found'>): string => `the policies must be a list of mappings, not ${found}`,
    hint: 'begin each policy with "- name: …"',
  },
  'bad-policy': {
    means:
      'a policy that has no requirement, has no name or the name of another policy or of a rule, or an unusable pattern, zone, time, environment or schema',
    remedy: 'correct the policy; `downbeat explain policies` lists its fields',
    page: 'policies.md',
    words: ({
      policy,
      fault,
      text = '',
      why = '',
      nearest,
    }: Texts<'policy', 'text' | 'why' | 'nearest'> & { readonly fault: PolicyFault }): Words =>
      policyFaults[fault](quoted(policy), quoted(text), why, nearest),
  },
  'policy-require': {
    means: 'a policy requires a tag, a description or a time zone that the schedule does not have',
    remedy: 'add what is missing',
    words: ({
      what,
      ...breach
    }: Breach & { readonly what: { readonly tag: string } | 'description' | 'zoneId' }): Words =>
      typeof what === 'object'
        ? words(breach, `has no tag ${quoted(what.tag)}`, `add the tag ${quoted(what.tag)}`)
        : what === 'description'
          ? words(breach, 'has no `description`', 'write in `description` what it is for')
          : words(breach, 'has a cron without `zoneId`', 'write the time zone, UTC too'),
  },
  'policy-match': {
    means: 'the name of the schedule does not have the form that a policy requires',
    remedy: 'rename the schedule, with `lifecycle.previousNames`',
    words: ({ pattern, ...breach }: Breach & { readonly pattern: string }): Words =>
      words(
        breach,
        `does not match ${quoted(pattern)}`,
        'rename it; `lifecycle.previousNames` keeps it one schedule',
      ),
  },
  'policy-every': {
    means: 'two fires of the schedule within 400 days are closer than a policy allows',
    remedy: 'make it fire less often',
    words: ({
      every,
      apart,
      first,
      second,
      ...breach
    }: Breach & {
      readonly every: string;
      /** Seconds. */
      readonly apart: number;
      readonly first: Moment;
      readonly second: Moment;
    }): Words =>
      words(
        breach,
        `fires at ${momentText(first)} and at ${momentText(second)}, ${apart === 0 ? 'at the same time' : `${durationText(apart)} apart`}; at least ${every} is required`,
        'make it fire less often',
      ),
  },
  'policy-between': {
    means: 'the schedule fires within 400 days at a time of day that a policy forbids',
    remedy: 'move it out of these hours; `downbeat next NAME` shows when it fires',
    words: ({
      between: [from, to],
      fire,
      ...breach
    }: Breach & { readonly between: readonly [string, string]; readonly fire: Moment }): Words =>
      words(
        breach,
        `fires at ${momentText(fire)}, between ${from} and ${to}`,
        'move it out of these hours; `downbeat next` shows when it fires',
      ),
  },
  /** `schedule`: the one that fires most in that minute, which is where the problem is shown. */
  'policy-fires-per-minute': {
    means: 'within 400 days, more fires in one minute than a policy allows for all schedules together',
    message: ({
      policy,
      because,
      limit,
      fires,
      minute,
      who,
      uncounted = [],
    }: Breach & {
      readonly limit: number;
      readonly fires: number;
      readonly minute: string;
      /** Names, those that fire most first. */
      readonly who: readonly string[];
      /** Names of those whose fires do not count, as a comment in their manifests allows them. */
      readonly uncounted?: readonly string[];
    }): string =>
      `policy ${quoted(policy)}: ${fires} fires in the minute of ${minute}, at most ${limit} are allowed: ${list(who)}${uncounted.length === 0 ? '' : `, not counting ${list(uncounted)}`}${reasonText(because)}`,
    hint: 'spread them over other minutes (`downbeat load` shows which are free); with a comment that allows it, the fires of that manifest do not count',
  },
  'policy-workflow': {
    means: 'the schedule starts a workflow that a policy does not allow',
    remedy: 'start a workflow that the policy allows',
    words: ({
      workflow,
      allowed,
      ...breach
    }: Breach & { readonly workflow: string; readonly allowed: readonly string[] }): Words =>
      words(
        breach,
        `starts ${quoted(workflow)}, and only ${list(allowed)} may be started`,
        'start one of these',
      ),
  },
  'policy-schema': {
    means: 'the manifest does not fit the JSON Schema of a policy',
    remedy: 'change the manifest as the schema demands',
    words: ({ field, why, ...breach }: Breach & { readonly field: string; readonly why: string }): Words =>
      words(
        breach,
        `${field === '' ? 'the manifest' : `\`${field}\``} ${why}`,
        'see the schema that the policy names',
        ':',
      ),
  },
  'unused-policy': {
    means: 'a policy that applies to no schedule; only `downbeat policies` checks this',
    fix: 'correct its `where` and `except`, or remove it',
    page: 'policies.md',
    message: ({ policy }: Texts<'policy'>): string => `policy ${quoted(policy)} applies to no schedule`,
    hint: 'correct its `where` and `except`, or remove it',
  },
} as const;

const policyFaults: {
  readonly [F in PolicyFault]: (policy: string, text: string, why: string, nearest?: string) => Words;
} = {
  nameless: () => ({
    message: 'a policy has no `name`',
    hint: 'add `name: …`: messages and the comments that allow a breach name it',
  }),
  'no-demand': (policy) => ({
    message: `policy ${policy} has no requirement`,
    hint: 'add `require`, `match`, `limit`, `forbid`, `allow` or `schema`',
  }),
  duplicate: (policy) => ({
    message: `duplicate policy ${policy}`,
    hint: 'give each its own name: a comment in a manifest allows one of them',
  }),
  rule: (policy) => ({
    message: `policy ${policy} has the name of a rule`,
    hint: 'choose another name: a comment in a manifest could mean either',
  }),
  pattern: (policy, text, why) => ({
    message: `policy ${policy}: ${text} is not a usable regular expression: ${why}`,
    hint: 'the syntax is that of RE2: no lookaround, no backreference',
  }),
  every: (policy, text) => ({
    message: `policy ${policy}: ${text} between two fires cannot be checked: they are computed for 400 days`,
    hint: 'write 400d at most',
  }),
  environment: (policy, text, _why, nearest) => ({
    message: `policy ${policy}: environment ${text} not found in the configuration`,
    hint:
      nearest === undefined
        ? 'define it under `environments`, or remove it here'
        : `did you mean ${quoted(nearest)}?`,
  }),
  zone: (policy, text, why) => ({
    message: `policy ${policy}: ${text} is not a time zone: ${why}`,
    hint: 'write an IANA time zone such as Europe/Berlin',
  }),
  times: (policy) => ({
    message: `policy ${policy}: both times of \`between\` are the same`,
    hint: 'write a start and an end; all day is "00:00" to "24:00"',
  }),
  schema: (policy, text, why) => ({
    message: `policy ${policy}: ${text} is not a usable JSON Schema: ${why}`,
    hint: 'the path is relative to the file of policies; references into other files are not followed',
  }),
};

function words(
  { policy, because, schedule, isUnmanaged }: Breach,
  what: string,
  todo: string,
  joint = '',
): Words {
  return {
    message: `policy ${quoted(policy)}: ${isUnmanaged ? 'the unmanaged schedule ' : ''}${quoted(schedule)}${joint} ${what}${reasonText(because)}`,
    hint: isUnmanaged ? 'bring it into Git with `downbeat pull --unmanaged`, and correct it there' : todo,
  };
}

function reasonText(because: string | undefined): string {
  return because === undefined ? '' : ` (${because})`;
}

function momentText({ at, zone, cron }: Moment): string {
  return `${at} (${cron === undefined ? '' : `${quoted(cron)}, `}${zone})`;
}

const units: readonly (readonly [seconds: number, name: string])[] = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** The two largest units: `1 min 30 s`. */
function durationText(seconds: number): string {
  const parts: string[] = [];
  let left = seconds;
  for (const [size, name] of units) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${name}`);
  }
  return parts.slice(0, 2).join(' ');
}
