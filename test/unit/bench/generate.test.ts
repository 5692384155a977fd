import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  manifestText,
  type ServerKind,
  wireList,
  wireSchedule,
  writeManifests,
} from '../../../bench/generate.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { normalize } from '../../../src/model/normal.ts';

const untagged = { count: 50, tagEvery: 0 };
const tagged = { count: 50, tagEvery: 4 };

function leaves(value: unknown): number {
  return typeof value === 'object' && value !== null
    ? Object.values(value).reduce((sum: number, item) => sum + leaves(item), 0)
    : 1;
}

describe('a generated manifest', () => {
  it.each([0, 1, 9, 42, 9_999])('%i has eleven fields in about 330 bytes', (index) => {
    const text = manifestText(index, untagged);
    expect(leaves(parse(text))).toBe(11);
    expect(Math.abs(Buffer.byteLength(text) - 330)).toBeLessThanOrEqual(8);
  });

  it('is the same every time', () => {
    expect(manifestText(7, tagged)).toBe(manifestText(7, tagged));
    expect(new Set(Array.from({ length: 50 }, (_, index) => manifestText(index, tagged))).size).toBe(50);
  });

  it.each<ServerKind>(['oss', 'orkes'])('leaves nothing to do against its list element on %s', (kind) => {
    for (let index = 0; index < tagged.count; index++) {
      const { tags = {}, ...manifest } = parse(manifestText(index, tagged));
      const { tags: listed = [], ...observed } = wireSchedule(index, tagged, kind) as JsonObject;
      expect(normalize(manifest).schedule).toEqual(normalize(observed).schedule);
      if (kind === 'orkes')
        expect(listed).toEqual(Object.entries(tags).map(([key, value]) => ({ key, value })));
    }
  });
});

describe('a generated fleet', () => {
  it('is one file and one list element a schedule, every n-th with tags', () => {
    const folder = mkdtempSync(join(tmpdir(), 'downbeat-generate-'));
    try {
      writeManifests(join(folder, 'all'), tagged);
      const texts = readdirSync(join(folder, 'all')).map((file) =>
        readFileSync(join(folder, 'all', file), 'utf8'),
      );
      const list = wireList(tagged, 'orkes');
      expect(new Set(texts.map((text) => parse(text).name))).toEqual(new Set(list.map(({ name }) => name)));
      expect(texts).toHaveLength(50);
      expect(texts.filter((text) => 'tags' in parse(text))).toHaveLength(13);
      expect(list.filter(({ tags }) => (tags as readonly unknown[]).length > 0)).toHaveLength(13);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
