import { describe, expect, test } from 'vitest';
import { inRenaming, isPausedByRename, unfinished, withoutNote } from '../../../src/model/marks/renaming.ts';
import { hasMark, markedReason } from '../../../src/model/standstill.ts';
import { aSchedule } from '../../support/schedules.ts';

const note = '[downbeat-renaming: "old"]';
const marker = '[downbeat-owner: us; id 6ab027eef008]';

describe('the note of a rename in a description', () => {
  test.each([
    ['only the note', note, ''],
    ['text before it', `Settles\norders \n${note}`, 'Settles\norders '],
    ["the owner's marker after it", `Settles\n${note}\n${marker}`, `Settles\n${marker}`],
    ["the owner's marker before it", `${marker}\n${note}`, marker],
    ["text that comes after it is somebody else's", `${note}\nsee the wiki`, `${note}\nsee the wiki`],
    ['a line that only mentions it', `ends with ${note}`, `ends with ${note}`],
    ['no note', 'Settles orders\n', 'Settles orders\n'],
  ])('%s', (_what, description, without) => {
    expect(withoutNote(description)).toBe(without);
  });

  test.each(['reason', 'description'] as const)(
    'is read back from the %s while the pause is there',
    (place) => {
      const paused = inRenaming(aSchedule({ name: 'new', description: 'Settles' }), 'old', place);
      expect(isPausedByRename(paused)).toBe(true);
      expect(unfinished(paused)).toMatchObject({
        from: 'old',
        schedule: { paused: false, description: 'Settles' },
      });
      expect(isPausedByRename({ ...paused, paused: false })).toBe(false);
      expect(unfinished({ ...paused, paused: false }), 'a person has resumed it').toBeUndefined();
    },
  );
});

test.each([
  [markedReason('80000000', 'INC-1'), true],
  [markedReason('80000000'), true],
  ['see [downbeat pause 80000000] of yesterday', false],
  ['INC-1', false],
])('%s is a mark of a record: %s', (reason, marked) => {
  expect(hasMark(reason)).toBe(marked);
});
