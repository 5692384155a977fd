import { expect, it } from 'vitest';
import type { Create } from '../../../src/model/plan.ts';
import { collisions } from '../../../src/plan/checks/new-names.ts';
import { aSchedule, observedOf } from '../../support/schedules.ts';

const origin = { file: 'a.yaml', document: 0 };

function creating(name: string): Create {
  return {
    kind: 'create',
    name,
    basis: null,
    fields: [],
    steps: [],
    origin,
    sensitivePaths: [],
    unknownPaths: [],
  } as unknown as Create;
}

const observed = ['Nightly', 'résumé', 'trail', 'Trail'].map((name) => observedOf(aSchedule({ name })));

it.each([
  ['nightly', 'Nightly'],
  ['resume', 'résumé'],
  ['trail ', 'Trail'],
  ['other', undefined],
  ['résumé', undefined],
])('a new %j next to existing names', (name, otherName) => {
  const change = creating(name);
  const there = observed.filter(({ schedule }) => schedule.name !== name);
  const place = { kind: 'field', origin, path: ['name'], at: 'value' };
  expect(collisions([change], there)).toEqual(
    otherName === undefined
      ? []
      : [
          expect.objectContaining({
            code: 'names-collide',
            severity: 'error',
            args: { name, otherName },
            place,
          }),
        ],
  );
});

it('a rename to a name that collides with the old one, whose delete would remove the new one', () => {
  const rename = { ...creating('nightly'), kind: 'rename', previous: [{ name: 'Nightly' }] };
  expect(collisions([rename as unknown as Create], observed)).toMatchObject([{ args: { renamed: true } }]);
});

it('only new names: existing collisions are not part of the plan', () => {
  const update = { ...creating('trail'), kind: 'update', basis: 'x' } as unknown as Create;
  expect(collisions([update], observed)).toEqual([]);
});
