import { type RuleCode, severityOf } from '../../problems/codes.ts';
import type { Diagnostic } from '../../problems/diagnostic.ts';
import type { Manifest } from '../manifest.ts';
import type { Finder } from '../read/locate.ts';
import { crons, idleZone, oneKindOfCron, zones } from './cron-rules.ts';
import { timersOf } from './crons.ts';
import { reasonWithoutPause, tags } from './field-rules.ts';
import { inlineTypes } from './inline-types.ts';
import { lifecyclePaths, ownMarker } from './lifecycle-rules.ts';
import { collidingNames, confusableName, duplicateNames, name, oddName } from './name-rules.ts';
import { previousNames } from './previous-names-rule.ts';
import { requestRules } from './request-rules.ts';
import type { Judging, OptionalRule, Rule } from './rule.ts';
import { timingRules } from './timing-rules.ts';
import { endAtZero, times } from './window-rules.ts';

/** Judges one manifest, and all of them together. */
export interface Judge {
  /** What a server would take from this manifest in silence and never run, or what contradicts itself. */
  one(manifest: Manifest): readonly Diagnostic[];
  /** What is wrong between manifests; `find` is for naming the other place. */
  together(manifests: readonly Manifest[], find: Finder): readonly Diagnostic[];
  /** The rules of single manifests that are asked. */
  readonly asked: ReadonlySet<RuleCode>;
}

/** These are found where the text is read. */
const readingRules: readonly RuleCode[] = ['altered-number', 'old-yaml-word'];

/** The rules under these settings. Crons and zones are read once, however many manifests have them. */
export function judge(judging: Judging): Judge {
  const timers = timersOf();
  const optional = [
    { codes: ['odd-name'], judge: oddName },
    { codes: ['confusable-name'], judge: confusableName },
    { codes: ['idle-zone'], judge: idleZone },
    ...timingRules(timers, judging),
    ...requestRules,
  ] as const satisfies readonly OptionalRule[];
  const isOn = (code: RuleCode): boolean => severityOf(code, judging.settings) !== 'off';
  const asked = optional.filter(({ codes }) => codes.some(isOn));
  const all: readonly Rule[] = [
    name,
    oneKindOfCron,
    (manifest) => crons(manifest, timers),
    (manifest) => zones(manifest, timers),
    times,
    endAtZero,
    reasonWithoutPause,
    tags,
    ownMarker,
    lifecyclePaths,
    inlineTypes,
    ...asked.map((rule) => rule.judge),
  ];
  return {
    one: (manifest) => {
      const found: Diagnostic[] = [];
      for (const rule of all) {
        const said = rule(manifest);
        // Hardly any rule has anything to say of a manifest.
        if (said.length > 0) for (const one of said) found.push(one);
      }
      return found;
    },
    together: (manifests, find) => [
      ...duplicateNames(manifests, find),
      ...(isOn('names-collide') ? collidingNames(manifests, find) : []),
      ...previousNames(manifests, find),
    ],
    asked: new Set([...readingRules, ...asked.flatMap(({ codes }) => codes)]),
  };
}
