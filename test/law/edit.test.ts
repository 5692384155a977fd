import fc from 'fast-check';
import { expect, it } from 'vitest';
import { edit } from '../../src/manifest/edit/edit.ts';
import { comparable } from '../../src/manifest/edit/list-match.ts';
import { parse } from '../../src/manifest/read/parse-file.ts';
import {
  canonicalJson,
  isObject,
  type Json,
  type JsonObject,
  objectOf,
  writeJson,
} from '../../src/model/json.ts';
import { anyJson, anyJsonObject } from '../support/values.ts';
import { anySeed, type Choices, choicesOf, styledYaml } from '../support/yaml-styles.ts';
import { lawSettings } from './settings.ts';

const { runs, seed } = lawSettings;

const aManifest: fc.Arbitrary<JsonObject> = anyJsonObject.map((value) => ({ name: 'a', ...value }));

/** Another value, near the first: some parts changed, taken away, put in. */
function changed(value: Json, others: readonly Json[], choose: Choices): Json {
  const other = (): Json => others[choose.of(others.length)] ?? 'other';
  if (Array.isArray(value)) {
    const items = value.flatMap((item: Json) => {
      const kind = choose.of(6);
      return kind === 0 ? [] : kind === 1 ? [item, other()] : [changed(item, others, choose)];
    });
    return items;
  }
  if (!isObject(value)) return choose.of(3) === 0 ? other() : value;
  const entries = Object.entries(value).flatMap(([key, item]): [string, Json][] => {
    const kind = choose.of(8);
    return kind === 0 ? [] : [[key, kind === 1 ? other() : changed(item, others, choose)]];
  });
  if (choose.of(4) === 0) entries.push(['newcomer', other()]);
  return objectOf(entries);
}

const aCase = fc.record({
  values: fc.array(aManifest, { minLength: 1, maxLength: 3 }),
  others: fc.array(anyJson, { minLength: 1, maxLength: 4 }),
  style: anySeed,
  json: fc.boolean(),
  crlf: fc.boolean(),
});

it(`an edited file reads as wanted, whatever its style (seed ${seed})`, { timeout: 3_600_000 }, () => {
  let refusals = 0;
  let edits = 0;
  fc.assert(
    fc.property(aCase, ({ values, others, style, json, crlf }) => {
      const choose = choicesOf(style);
      const indent = choose.of(2) * 2;
      const plain = json
        ? writeJson(values.length === 1 ? (values[0] as Json) : values, indent)
        : values.map((value) => styledYaml(value, choose)).join('---\n');
      const text = crlf ? plain.replaceAll('\n', '\r\n') : plain;
      const file = { path: json ? 'a.json' : 'a.yaml', text };
      const { manifests, diagnostics } = parse(file);
      expect(diagnostics).toStrictEqual([]);
      expect(manifests).toHaveLength(values.length);
      const wanted = manifests.map(
        ({ value }) => ({ ...(changed(value, others, choose) as JsonObject), name: 'a' }) as JsonObject,
      );
      const done = edit(
        file,
        manifests.map((manifest, index) => ({ manifest, value: wanted[index] as JsonObject })),
        () => [],
      );
      const read = parse({ ...file, text: done.text });
      expect(read.diagnostics).toStrictEqual([]);
      for (const [index, { refused, value }] of done.manifests.entries()) {
        edits += 1;
        refusals += refused.length > 0 ? 1 : 0;
        expect(canonicalJson(read.manifests[index]?.value ?? null)).toBe(canonicalJson(value));
        // 1.0 and 1.00 are one number to every server.
        if (refused.length === 0) expect(comparable(value)).toBe(comparable(wanted[index] as Json));
      }
    }),
    { numRuns: runs, seed },
  );
  // Else the property said little.
  expect(refusals).toBeLessThan(edits / 50);
});
