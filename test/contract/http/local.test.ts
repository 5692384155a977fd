import { describe } from 'vitest';
import { behaviours, type ServedBehaviour } from '../../../src/scheduler/behaviours.ts';
import { openLocal } from './local.ts';
import { contract } from './suite.ts';

for (const behaviour of Object.keys(behaviours) as ServedBehaviour[])
  describe(`the local scheduler as ${behaviour}`, () => {
    contract({ behaviour, open: () => openLocal(behaviour) });
  });
