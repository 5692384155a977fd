import { describe } from 'vitest';
import { type ServedType, serverTypes } from '../../../src/scheduler/server-types.ts';
import { openLocal } from './local.ts';
import { contract } from './suite.ts';

for (const serverType of Object.keys(serverTypes) as ServedType[])
  describe(`the local scheduler as ${serverType}`, () => {
    contract({ serverType, open: () => openLocal(serverType) });
  });
