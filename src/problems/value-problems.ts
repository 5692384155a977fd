import { type FieldPath, pathText } from '../model/schedule.ts';
import type { Texts, Words } from './family.ts';
import { didYouMean, quoted } from './quote.ts';

/**
 * Why a text is not a time.
 * - `form`: not `YYYY-MM-DDTHH:MM[:SS[.fraction]]` with an offset
 * - `no-offset`: of that form, without the offset from UTC
 * - `no-such-day`, `no-such-time`, `no-such-offset`: a part is outside its range
 */
export type TimeFault = 'form' | 'no-offset' | 'no-such-day' | 'no-such-time' | 'no-such-offset';

/** From values to manifests: what the schema checks. */
export const valueProblems = {
  'unknown-key': {
    means: 'an unknown field; the message suggests the nearest one',
    remedy: 'correct the key, or remove it',
    words: ({
      key,
      nearest,
      parent,
      state,
    }: Texts<'key', 'nearest'> & {
      readonly parent: FieldPath;
      readonly state?: 'active' | 'paused';
    }): Words => ({
      message: `unknown key ${quoted(key)}${inText(parent)}`,
      hint:
        state === undefined
          ? (didYouMean(nearest) ?? 'remove it: Downbeat does not read it')
          : stateHints[state],
    }),
  },
  'unindented-key': {
    means: 'a field at the level of the key that it belongs to, for lack of indentation',
    remedy: 'indent it below the key that it belongs to',
    words: ({ key, above, parent }: Texts<'key' | 'above'> & { readonly parent: FieldPath }): Words => ({
      message: `${quoted(key)} is not indented below ${quoted(above)}${inText(parent)}`,
      hint: `indent it: ${quoted(above)} has no value, and ${quoted(key)} is not a field at this level`,
    }),
  },
  'server-field': {
    means: 'a field that only the server sets, such as `createTime`',
    message: ({ key }: Texts<'key'>): string =>
      `${quoted(key)} is set by the server and cannot be in a manifest`,
    hint: 'remove it; `downbeat pull --from` turns a body copied from a server into a manifest',
  },
  'missing-key': {
    means: 'a required field is missing',
    remedy: 'add the field',
    words: ({ key, parent }: { readonly key: string; readonly parent: FieldPath }): Words => ({
      message: `${quoted(key)} is missing${inText(parent)}`,
      hint: missingHints[pathText([...parent, key])] ?? `add ${quoted(key)}`,
    }),
  },
  /** `rewrite`: the same value written so that it has the right type. */
  'wrong-type': {
    means: 'a value of the wrong type',
    remedy: 'write the type that the message names, or leave the field out',
    words: ({
      field,
      expected,
      found,
      rewrite,
    }: Texts<'expected' | 'found', 'rewrite'> & { readonly field: FieldPath }): Words => ({
      message: `${fieldText(field)} must be ${expected}, not ${found}`,
      hint:
        rewrite === undefined
          ? `use ${expected}, or leave it out`
          : `${rewrite.startsWith('"') ? 'put it in quotes' : 'remove the quotes'}: ${rewrite}`,
    }),
  },
  'wrong-value': {
    means: 'a value that the field does not allow',
    remedy: 'write one of the values that the message names',
    words: ({
      field,
      expected,
      found,
    }: Texts<'expected' | 'found'> & { readonly field: FieldPath }): Words => ({
      message: `${fieldText(field)} must be ${expected}, not ${found}`,
      hint: `use ${expected}`,
    }),
  },
  'altered-number': {
    means:
      'an input or a variable that YAML reads as a number and that was most likely meant as text, such as `08989` or `72225e2`',
    fix: 'put it in quotes',
    words: ({ text, becomes }: Texts<'text' | 'becomes'>): Words => ({
      message: `YAML reads ${text} as a number, so the value is ${becomes}`,
      hint: `if it is text, put it in quotes: "${text}"`,
    }),
  },
  'old-yaml-word': {
    means:
      'an input or a variable such as `no` or `12:30:00`: text in YAML 1.2, but a truth value or a number in YAML 1.1',
    fix: 'put it in quotes',
    words: ({ text, meaning }: Texts<'text' | 'meaning'>): Words => ({
      message: `${text} is text in YAML 1.2, and ${meaning} in YAML 1.1`,
      hint: `if it is text, put it in quotes: "${text}"`,
    }),
  },
  'bad-time': {
    means: 'neither ISO 8601 with an offset nor epoch milliseconds, or a day that does not exist',
    remedy: 'write `2027-01-01T00:00:00+01:00`, or epoch milliseconds',
    words: ({
      field,
      text,
      fault,
    }: Texts<'text'> & { readonly field: FieldPath; readonly fault: TimeFault }): Words => ({
      message: `${fieldText(field)}: ${quoted(text)} ${timeFaults[fault].message}`,
      hint: timeFaults[fault].hint,
    }),
  },
} as const;

const stateHints = {
  active: 'remove it: a new schedule is active',
  paused: 'to pause the schedule, write `paused: true`',
} as const;

function inText(parent: FieldPath): string {
  return parent.length === 0 ? '' : ` in ${pathText(parent)}`;
}

const missingHints: { readonly [field: string]: string } = {
  name: 'add `name: …`, the name of the schedule on the server',
  startWorkflowRequest: 'add `startWorkflowRequest: {name: my_workflow}`, the workflow that each fire starts',
  'startWorkflowRequest.name': 'add `name: …`, the name of the workflow to start',
};

const timeFaults: { readonly [F in TimeFault]: Words } = {
  form: {
    message: 'is not a valid time',
    hint: 'write it as 2027-01-01T00:00:00-05:00, or as epoch milliseconds',
  },
  'no-offset': {
    message: 'has no offset from UTC',
    hint: 'add Z for UTC, or an offset such as -05:00',
  },
  'no-such-day': {
    message: 'has a day that does not exist',
    hint: 'check the month and the day',
  },
  'no-such-time': {
    message: 'has a time of day that does not exist',
    hint: 'hours go from 00 to 23, minutes and seconds from 00 to 59',
  },
  'no-such-offset': {
    message: 'is more than 18 hours from UTC',
    hint: 'check the offset at the end',
  },
};

function fieldText(path: FieldPath): string {
  return path.length === 0 ? 'the manifest' : pathText(path);
}
