import { describe, expect, it } from 'vitest';
import {
  type Evidence,
  identityOf,
  type Question,
  type Recognition,
  recognise,
  traitsOf,
} from '../../../src/conductor/detect.ts';
import { operations } from '../../../src/conductor/routes.ts';
import { serverTypes } from '../../../src/conductor/server-types.ts';
import type { Operation, ServerType } from '../../../src/model/port.ts';

const oss = { name: 's', cronSchedules: [], createdBy: '' };
const oss0 = { name: 's', nextRunTime: 1 };
const orkes = { name: 's', tags: [], orgId: '0000', queueMsgId: 's' };
const list = (...elements: { [field: string]: string | number | never[] }[]): Pick<Evidence, 'list'> => {
  const traits = traitsOf(elements);
  return traits === undefined ? {} : { list: traits };
};

const asks = (question: Question): Recognition => ({ kind: 'ask', question });
const is = (serverType: ServerType): Recognition => ({ kind: 'decided', serverType, assumed: false });
const fits = (serverType: ServerType): Recognition => ({ kind: 'decided', serverType, assumed: true });

describe('recognise', () => {
  it.each<[string, Evidence, Recognition]>([
    ['a token was given for the key', { token: 'exchanged' }, fits('orkes-new')],
    [
      'a token was given for the key, whatever the list has',
      { token: 'exchanged', ...list(oss) },
      fits('orkes-new'),
    ],
    ['nothing yet', { token: 'none' }, asks('version')],
    ['no route for the key', { token: 'unused' }, asks('version')],
    ['a token from outside', { token: 'given' }, asks('version')],
    ['fields of Orkes', { token: 'none', ...list(orkes) }, fits('orkes-new')],
    [
      'fields of Orkes beside one of the old OSS',
      { token: 'none', ...list({ ...oss0, orgId: '0' }) },
      asks('version'),
    ],
    [
      'fields of Orkes that the old OSS echoes',
      { token: 'none', ...list({ ...oss0, orgId: '0' }), version: '3.23.0' },
      is('oss-0'),
    ],
    ['only tags', { token: 'none', ...list({ name: 'a', tags: [] }) }, asks('version')],
    [
      'only tags, no version',
      { token: 'none', ...list({ name: 'a', tags: [] }), version: null },
      fits('orkes-new'),
    ],
    [
      'tags that the old OSS echoes',
      { token: 'none', ...list({ name: 'a', tags: [] }), version: '3.23.0' },
      is('oss-0'),
    ],
    [
      'tags on some',
      { token: 'none', ...list({ name: 'a', tags: [] }, { name: 'b' }), version: null },
      asks('tags route'),
    ],
    ['a list of OSS', { token: 'none', ...list(oss) }, asks('version')],
    ['3.32.1 and a list of OSS', { token: 'none', ...list(oss), version: '3.32.1' }, is('oss-2')],
    [
      'a token from outside, and a list of OSS',
      { token: 'given', ...list(oss), version: '3.31.0' },
      is('oss-1'),
    ],
    ['3.32.1 and an empty list', { token: 'none', version: '3.32.1' }, asks('tags route')],
    ['3.32.1, an empty list, tags', { token: 'none', version: '3.32.1', tagsRoute: true }, fits('orkes-new')],
    ['3.32.0-rc.3', { token: 'none', version: '3.32.0-rc.3', tagsRoute: false }, is('oss-2')],
    ['3.40.0', { token: 'none', version: '3.40.0', tagsRoute: false }, is('oss-2')],
    ['3.31.1', { token: 'none', version: '3.31.1', tagsRoute: false }, is('oss-1')],
    ['3.30.0', { token: 'none', version: 'v3.30.0', tagsRoute: false }, is('oss-1')],
    ['3.30.0.rc9', { token: 'none', version: '3.30.0.rc9', tagsRoute: false }, is('oss-1')],
    ['3.30.0.rc8', { token: 'none', version: '3.30.0.rc8', tagsRoute: false }, is('oss-0')],
    ['3.30.1.rc1', { token: 'none', version: '3.30.1.rc1', tagsRoute: false }, is('oss-1')],
    ['3.23.0', { token: 'none', version: '3.23.0\n', tagsRoute: false }, is('oss-0')],
    [
      '3.32.1, and a list that is not its own',
      { token: 'none', ...list({ name: 'a' }), version: '3.32.1', tagsRoute: false },
      fits('oss-2'),
    ],
    ['no version', { token: 'none', version: null }, asks('tags route')],
    ['no version, tags', { token: 'none', version: null, tagsRoute: true }, fits('orkes-new')],
    ['no version, no tags', { token: 'none', version: null, tagsRoute: false }, asks('missing')],
    ['a version of something else', { token: 'none', version: '5.1.0', tagsRoute: false }, asks('missing')],
    [
      'the words of OSS for what is missing',
      { token: 'none', version: null, tagsRoute: false, missing: 'oss-1' },
      is('oss-1'),
    ],
    [
      'nothing that tells',
      { token: 'none', version: null, tagsRoute: false, missing: 'unknown' },
      fits('oss-2'),
    ],
    [
      'a list without a field of OSS, tags',
      { token: 'none', ...list({ name: 'a' }), version: null, tagsRoute: true },
      fits('documented'),
    ],
    [
      'a list of the old OSS, and nothing else that tells',
      { token: 'none', ...list(oss0), version: null, tagsRoute: false, missing: 'unknown' },
      fits('oss-0'),
    ],
    [
      'a list of OSS with a time that some client sent, and nothing else that tells',
      {
        token: 'none',
        ...list({ ...oss, nextRunTime: 1 }),
        version: null,
        tagsRoute: false,
        missing: 'unknown',
      },
      fits('oss-2'),
    ],
  ])('%s', (_what, evidence, expected) => {
    expect(recognise(evidence, false)).toStrictEqual(expected);
  });

  it.each<[string, Evidence, Recognition]>([
    ['not asked yet', { token: 'exchanged' }, asks('pause verbs')],
    ['both verbs', { token: 'exchanged', pauseVerbs: ['GET', 'HEAD', 'PUT', 'OPTIONS'] }, is('orkes-new')],
    ['GET alone', { token: 'exchanged', pauseVerbs: ['GET', 'HEAD', 'OPTIONS'] }, is('orkes-old')],
    ['PUT alone', { token: 'exchanged', pauseVerbs: ['PUT', 'OPTIONS'] }, fits('orkes-new')],
    ['none', { token: 'exchanged', pauseVerbs: [''] }, fits('orkes-new')],
    ['a list that tells', { token: 'none', ...list(orkes) }, asks('pause verbs')],
    ['a list of OSS', { token: 'none', ...list(oss), version: '3.32.1' }, is('oss-2')],
  ])('finds the age of Orkes if asked to: %s', (_what, evidence, expected) => {
    expect(recognise(evidence, true)).toStrictEqual(expected);
  });
});

describe('identityOf', () => {
  const known = (serverType: ServerType) => ({ serverType, assumed: false });

  it('has the tags of the list only if every element has them', () => {
    const tagsInList = (serverType: ServerType, evidence: Evidence): boolean =>
      identityOf(known(serverType), evidence).capabilities.tagsInList;
    expect(tagsInList('orkes-new', { token: 'exchanged' })).toBe(true);
    expect(tagsInList('orkes-new', { token: 'exchanged', ...list(orkes) })).toBe(true);
    expect(tagsInList('orkes-new', { token: 'exchanged', ...list({ name: 'a', orgId: '0' }) })).toBe(false);
    expect(tagsInList('oss-2', { token: 'none', ...list(orkes) })).toBe(false);
  });

  it('reports the version, and that a key has no effect', () => {
    expect(identityOf(known('oss-2'), { token: 'unused', version: '3.32.1' })).toEqual({
      serverType: 'oss-2',
      version: '3.32.1',
      capabilities: serverTypes['oss-2'].capabilities,
      credentialsUnused: true,
    });
    expect(identityOf(known('oss-2'), { token: 'none', version: null })).toEqual({
      serverType: 'oss-2',
      capabilities: serverTypes['oss-2'].capabilities,
    });
  });

  it('treats nothing as kept that was only assumed, except for what the list shows', () => {
    for (const serverType of Object.keys(serverTypes) as ServerType[]) {
      const assumed = { serverType, assumed: true };
      expect(identityOf(assumed, { token: 'none' })).toMatchObject({
        assumed: true,
        capabilities: { cronSchedules: 'unknown', pauseReason: 'unknown' },
      });
      expect(identityOf(assumed, { token: 'none', ...list(oss) }).capabilities.cronSchedules).toBe('kept');
    }
    expect(identityOf(known('orkes-new'), { token: 'none' }).capabilities.cronSchedules).toBe('unknown');
    expect(identityOf(known('orkes-new'), { token: 'none', ...list(oss) }).capabilities.cronSchedules).toBe(
      'kept',
    );
    expect(identityOf(known('documented'), { token: 'none' }).capabilities.cronSchedules).toBe('dropped');
  });
});

it('starts every server type at a form that exists, or after the last one', () => {
  const starts = Object.values(serverTypes).flatMap(({ startsAt }) => Object.entries(startsAt));
  expect(starts.length).toBeGreaterThan(0);
  for (const [operation, at] of starts) {
    expect(at).toBeGreaterThan(0);
    expect(at).toBeLessThanOrEqual(operations[operation as Operation].forms.length);
  }
});
