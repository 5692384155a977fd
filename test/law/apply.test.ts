import fc from 'fast-check';
import { it } from 'vitest';
import { aModelCase, type ModelCase } from './model/cases.ts';
import { holdModelLaws } from './model/laws.ts';
import { lawSettings } from './settings.ts';

const { runs, seed } = lawSettings;

/** Found once, and rare: a half-done rename that somebody resumed, while a masked value is still to be set. */
const resumedHalfDone: ModelCase = {
  kind: {
    tags: false,
    tagsInList: false,
    keepsReason: true,
    tellsOfReason: true,
    answersSaves: true,
    refusesTaken: false,
    pausesAgain: true,
    putTags: 'replace',
  },
  items: [
    {
      role: 'rename half done',
      paused: false,
      reason: undefined,
      wish: undefined,
      description: 'same',
      cron: false,
      input: 'changed',
      def: 'none',
      tagsBefore: [],
      tags: undefined,
      sensitive: true,
    },
  ],
  history: [{ kind: 'resume', which: 0, edit: { edit: {}, inRequest: {} }, reason: undefined, tags: [] }],
  happenings: [],
  saved: false,
  parallelism: 1,
  failFast: false,
  maxRetries: 0,
  deaf: false,
  clock: 0,
  lateness: 100,
};

/** Somebody deleted the old one and paused the new one just as the plan would have, but for its tags. */
const doneButForTags: ModelCase = {
  ...resumedHalfDone,
  kind: {
    tags: true,
    tagsInList: true,
    keepsReason: true,
    tellsOfReason: true,
    answersSaves: false,
    refusesTaken: true,
    pausesAgain: false,
    putTags: 'upsert',
  },
  items: [
    {
      role: 'rename both',
      paused: false,
      reason: undefined,
      wish: { paused: true, reason: 'why' },
      description: 'same',
      cron: false,
      input: 'same',
      def: 'none',
      tagsBefore: [],
      tags: [{ key: 'team', value: 'b' }],
      sensitive: false,
    },
  ],
  history: [
    { kind: 'pause', which: 0, edit: { edit: {}, inRequest: {} }, reason: 'why', tags: [] },
    { kind: 'delete', which: 1, edit: { edit: {}, inRequest: {} }, reason: undefined, tags: [] },
  ],
};

it(`apply keeps its laws at an adversarial port, in ${runs} random cases (seed ${seed})`, {
  timeout: 3_600_000,
}, async () => {
  await fc.assert(fc.asyncProperty(aModelCase, holdModelLaws), {
    numRuns: runs,
    seed,
    examples: [[resumedHalfDone], [doneButForTags]],
  });
});
