import { describe, expect, it } from 'vitest';
import { type Evidence, identityOf, recognise, traitsOf } from '../../../src/conductor/detect.ts';
import { operations } from '../../../src/conductor/routes.ts';
import { serverTypes } from '../../../src/conductor/server-types.ts';
import type { Operation } from '../../../src/model/port.ts';

const oss = { name: 's', cronSchedules: [], createdBy: '' };
const oss0 = { name: 's', nextRunTime: 1 };
const orkes = { name: 's', tags: [], orgId: '0000', queueMsgId: 's' };
const list = (...elements: { [field: string]: string | number | never[] }[]): Pick<Evidence, 'list'> => {
  const traits = traitsOf(elements);
  return traits === undefined ? {} : { list: traits };
};

describe('recognise', () => {
  it.each<[string, Evidence, string | undefined]>([
    ['a token was given for the key', { token: 'exchanged' }, 'orkes-new'],
    [
      'a token was given for the key, whatever the list has',
      { token: 'exchanged', ...list(oss) },
      'orkes-new',
    ],
    ['nothing yet', { token: 'none' }, undefined],
    ['an empty list', { token: 'none', ...list() }, undefined],
    ['no route for the key', { token: 'unused' }, undefined],
    ['a token from outside', { token: 'given' }, 'orkes-new'],
    ['a token from outside, but a list of OSS', { token: 'given', ...list(oss) }, undefined],
    ['fields of Orkes', { token: 'none', ...list(orkes) }, 'orkes-new'],
    ['only tags', { token: 'none', ...list({ name: 'a', tags: [] }) }, 'orkes-new'],
    ['tags on some', { token: 'none', ...list({ name: 'a', tags: [] }, { name: 'b' }) }, undefined],
    ['tags that the old OSS echoes', { token: 'none', ...list({ ...oss0, tags: [] }) }, undefined],
    ['tags, and no route for the key', { token: 'unused', ...list({ name: 'a', tags: [] }) }, undefined],
    ['a list of OSS', { token: 'none', ...list(oss) }, undefined],
    ['3.32.1', { token: 'none', ...list(oss), version: '3.32.1' }, 'oss-2'],
    ['3.32.0-rc.3', { token: 'none', version: '3.32.0-rc.3' }, 'oss-2'],
    ['3.40.0', { token: 'none', version: '3.40.0' }, 'oss-2'],
    ['3.31.1', { token: 'none', version: '3.31.1' }, 'oss-1'],
    ['3.30.0', { token: 'none', version: 'v3.30.0' }, 'oss-1'],
    ['3.30.0.rc9', { token: 'none', version: '3.30.0.rc9' }, 'oss-1'],
    ['3.30.0.rc8', { token: 'none', version: '3.30.0.rc8' }, 'oss-0'],
    ['3.30.1.rc1', { token: 'none', version: '3.30.1.rc1' }, 'oss-1'],
    ['3.23.0', { token: 'none', version: '3.23.0\n' }, 'oss-0'],
    ['a version of something else', { token: 'none', version: '5.1.0' }, 'oss-2'],
    ['no version', { token: 'none', version: null }, 'oss-2'],
    [
      'no version, and a list without a field of OSS',
      { token: 'none', ...list({ name: 'a' }), version: null },
      'documented',
    ],
    [
      'a version of something else, and a list of OSS',
      { token: 'none', ...list(oss), version: '5.1.0' },
      'oss-2',
    ],
    ['no version, and a list of the old OSS', { token: 'none', ...list(oss0), version: null }, 'oss-0'],
    [
      'no version, and a list of OSS with a time that some client sent',
      { token: 'none', ...list({ ...oss, nextRunTime: 1 }), version: null },
      'oss-2',
    ],
  ])('%s', (_what, evidence, serverType) => {
    expect(recognise(evidence)).toBe(serverType);
  });
});

describe('identityOf', () => {
  it('has the tags of the list only where every element brings them', () => {
    const seen = list({ name: 'a', orgId: '0' });
    expect(identityOf('orkes-new', { token: 'exchanged' }).capabilities.tagsInList).toBe(true);
    expect(identityOf('orkes-new', { token: 'exchanged', ...list(orkes) }).capabilities.tagsInList).toBe(
      true,
    );
    expect(identityOf('orkes-new', { token: 'exchanged', ...seen }).capabilities.tagsInList).toBe(false);
    expect(identityOf('oss-2', { token: 'none', ...list(orkes) }).capabilities.tagsInList).toBe(false);
  });

  it('says the version, and that a key is of no use', () => {
    expect(identityOf('oss-2', { token: 'unused', version: '3.32.1' })).toEqual({
      serverType: 'oss-2',
      version: '3.32.1',
      capabilities: serverTypes['oss-2'].capabilities,
      credentialsUnused: true,
    });
    expect(identityOf('oss-2', { token: 'none', version: null })).toEqual({
      serverType: 'oss-2',
      capabilities: serverTypes['oss-2'].capabilities,
    });
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
