import type { JsonObject } from '../model/json.ts';
import { present } from '../model/present.ts';
import { compareText, type DesiredSchedule, type FieldPath, type Origin } from '../model/schedule.ts';
import type { RuleSettings } from '../model/severity.ts';
import { bySettings } from '../problems/codes.ts';
import type { Diagnostic, Located, LocatedDiagnostic } from '../problems/diagnostic.ts';
import type { Calendar } from './calendars/calendars.ts';
import { leavingOut } from './calendars/leave-out.ts';
import type { ManifestSource } from './edit/pull-edits.ts';
import type { Manifest } from './manifest.ts';
import { pathKey } from './read/field-path.ts';
import { withoutLeftOut } from './read/left-out.ts';
import { type Finder, finderIn, locate } from './read/locate.ts';
import { parse, type RawManifest } from './read/parse-file.ts';
import type { SourceFile } from './read/source.ts';
import { meantFields, validate } from './read/validate.ts';
import { type Filled, fill, resolveDefaults, type WrittenDefaults } from './resolve/fill.ts';
import { type FolderDefaults, folderDefaultsIn, isFolderDefaults } from './resolve/folder-defaults.ts';
import { nameOf, overlaysIn, overlaysWithout, type ReadOverlays } from './resolve/overlay.ts';
import { addedTags, type Presets } from './resolve/presets.ts';
import { type Provenance, relocated } from './resolve/provenance.ts';
import { mayHoldReferences } from './resolve/references.ts';
import { resolve } from './resolve/resolve.ts';
import type { Scope } from './resolve/substitute.ts';
import { type ValueSource, valueSources } from './resolve/value-sources.ts';
import { type Allowance, allowancesIn } from './rules/allowances.ts';
import { unprotectable } from './rules/lifecycle-rules.ts';
import { ignored } from './rules/name-rules.ts';
import { judge } from './rules/rules.ts';

export interface Loaded {
  /** In the order of files, documents and array items. Manifests with an error are not among them. */
  readonly desired: readonly DesiredSchedule[];
  /** Manifests that are not among them for their errors; a file that cannot be parsed counts as one. */
  readonly withErrors: number;
  /**
   * Whether what a manifest asks for is not known, because an overlay or defaults that may fill it have errors. Nothing is to
   * be said of its values.
   */
  readonly isDoubtful: (origin: Origin) => boolean;
  /** All problems of all files, in order. Any error among them means: refuse. */
  readonly diagnostics: readonly LocatedDiagnostic[];
  /**
   * Gives problems that were found later the same treatment: their place where the value was written, the configured
   * severity, and none that a comment allows. `gather` may make fewer of those that are left, before places are looked up:
   * that takes reading their files again.
   */
  settle(
    diagnostics: readonly Diagnostic[],
    gather?: (left: readonly Diagnostic[]) => readonly Diagnostic[],
  ): readonly LocatedDiagnostic[];
  /** Of each desired schedule, in their order; only with `keepSources`. */
  readonly sources?: readonly ManifestSource[];
  /** The same, with everything filled in; only with `policies`. */
  readonly fields?: readonly JsonObject[];
  /** Where values of a manifest come from that were not written in it, of these fields. */
  sourcesOf(origin: Origin, fields: readonly FieldPath[]): readonly ValueSource[];
  /** The comments that allow a rule or a policy, with their places; looked up when it is asked. */
  readonly allowances: () => readonly GivenAllowance[];
  /** The comments for these policies that allowed nothing so far. */
  unusedAllowances(policies: ReadonlySet<string>): readonly LocatedDiagnostic[];
}

export type GivenAllowance = Pick<Allowance, 'code' | 'reason'> & {
  readonly at: Located;
  /** The schedule of its manifest; absent = it is for several, or in a file beside the manifests. */
  readonly schedule?: string;
  /** It is for the whole document, not for one line. */
  readonly isGeneral: boolean;
};

/** What manifests are resolved with; everything may be left out. */
export interface LoadOptions {
  /** Files of the environment's overlays. */
  readonly overlays?: readonly SourceFile[];
  /** Of the configuration, the nearest first. */
  readonly defaults?: readonly WrittenDefaults[];
  /** What the environment says of every schedule. */
  readonly presets?: Presets;
  /** Files of defaults of folders above the directory. */
  readonly defaultsAbove?: readonly SourceFile[];
  /** Files of defaults that cannot be read. */
  readonly unreadDefaults?: readonly string[];
  /** There are manifests that cannot be read. */
  readonly isPartial?: boolean;
  /** An overlay cannot be read. */
  readonly hasUnreadOverlays?: boolean;
  /** Patterns of names that no manifest may have. */
  readonly ignore?: readonly string[];
  /** False = there is no owner, so that nothing can be protected. Absent = true. */
  readonly hasOwner?: boolean;
  /** Absent = nothing is defined. */
  readonly scope?: Scope;
  /** The file that defaults and variables come from, for places in it. */
  readonly config?: SourceFile;
  /** Epoch milliseconds, for the rules about coming days. Absent = these are not asked. */
  readonly now?: number;
  /** The tz release of the zone rules here, such as `2025c`; absent = not known. */
  readonly tz?: string;
  /** Look for fires that changes of the clock skip or double. */
  readonly clockChanges?: boolean;
  readonly rules?: RuleSettings;
  /** For `except` and `only`; absent = there are none. */
  readonly calendars?: ReadonlyMap<string, Calendar>;
  /** Names of policies, which comments can allow. */
  readonly policies?: ReadonlySet<string>;
  /** Reads the manifests of a file, where an equal one was read before; absent = `parse`. */
  readonly parseFile?: typeof parse;
  /** Also say how each manifest was written. */
  readonly keepSources?: boolean;
}

const nameKey = pathKey(['name']);

const noCalendars: ReadonlyMap<string, Calendar> = new Map();

const nothing: Scope = {
  variables: new Map(),
  elsewhere: new Map(),
  env: {},
  allow: { env: [] },
  missingSecrets: 'error',
};

/** Manifest files → what they ask for, and everything that is wrong with them. */
export function loadManifests(all: readonly SourceFile[], options: LoadOptions = {}): Loaded {
  const { scope = nothing, overlays: overlayFiles = [], ignore = [], hasOwner = true, config } = options;
  const { rules: settings = {}, now, tz, clockChanges = false, presets, parseFile = parse } = options;
  const files = all.filter((file) => !isFolderDefaults(file));
  const folderFiles = [...(options.defaultsAbove ?? []), ...inOrder(all.filter(isFolderDefaults))];
  const beside = [...overlayFiles, ...folderFiles, ...(config === undefined ? [] : [config])];
  const find = finderIn([...files, ...beside]);
  const allowances = allowancesIn([...files, ...beside], options.policies);
  const rules = judge({ settings, clockChanges, ...present({ now, tz }) });
  const written = new Map<string, readonly Provenance[]>();
  const settled = (found: readonly Diagnostic[]): readonly Diagnostic[] =>
    bySettings(found, settings).filter((diagnostic) => !allowances.allows(diagnostic, find));
  const read = overlayFiles.map(parse);
  const documents = read.flatMap(({ manifests }) => manifests);
  const overlaid = overlaysIn(documents, scope, find);
  const { overlays } = overlaid;
  const configured = (options.defaults ?? []).map((one) => resolveDefaults(one, scope));
  const general = configured.flatMap(({ defaults }) => (defaults === undefined ? [] : [defaults]));
  const folders = folderDefaultsIn(folderFiles, scope, options.unreadDefaults);
  const mayMiss = doubts({ read, overlaid, folders, configured, options });
  const doubtful = new Set<string>();
  const withoutOverlay: Origin[] = [];
  const diagnostics: Diagnostic[] = [
    ...read.flatMap((file) => [...file.diagnostics, ...settled(file.warnings)]),
    // What else is wrong there ended the run before.
    ...settled(config === undefined ? [] : parse(config).warnings),
    ...overlaid.diagnostics,
    ...configured.flatMap((one) => one.diagnostics),
    ...folders.diagnostics,
    ...settled(folders.warnings),
    ...allowances.diagnostics,
  ];

  const manifests: Manifest[] = [];
  const desired: DesiredSchedule[] = [];
  const sources: ManifestSource[] = [];
  const kept: JsonObject[] = [];
  const leaveOut = leavingOut(options.calendars ?? noCalendars, now);
  const names = new Set<string>();
  let isReadWhole = options.isPartial !== true;
  let withErrors = 0;
  for (const file of inOrder(files)) {
    const parsed = parseFile(file);
    const mayRefer = mayHoldReferences(file.text);
    diagnostics.push(...parsed.diagnostics, ...settled(parsed.warnings));
    if (parsed.diagnostics.length > 0) {
      isReadWhole = false;
      withErrors += 1;
    }
    const ofFolders = folders.for(file.path);
    const defaults = ofFolders.length === 0 ? general : [...ofFolders, ...general];
    for (const raw of parsed.manifests) {
      const name = overlays.size === 0 ? undefined : nameOf(raw, scope);
      if (name !== undefined) names.add(name);
      const overlay = name === undefined ? undefined : overlays.get(name);
      if (overlay === undefined) withoutOverlay.push(raw.origin);
      const isDoubtful = mayMiss(raw, name, overlay);
      if (isDoubtful) doubtful.add(originKey(raw.origin));
      const filled = fill(raw, { overlay, defaults, presets, scope, mayRefer });
      const misfits = validate({ value: filled.value, origin: raw.origin });
      const fields = withoutLeftOut(filled.value);
      const manifest = { fields, origin: raw.origin, meant: meantFields(misfits) };
      if (!filled.unresolved.has(nameKey)) manifests.push(manifest);
      const judged = [
        ...misfits,
        ...rules.one(manifest),
        ...ignored(manifest, ignore),
        ...(hasOwner ? [] : unprotectable(manifest)),
      ];
      if (filled.provenance.length > 0) written.set(originKey(raw.origin), filled.provenance);
      if (judged.length + filled.diagnostics.length > 0) {
        const found = settled([
          ...filled.diagnostics,
          ...relocated(known(judged, filled), filled.provenance),
        ]);
        // What is missing may be in what has errors.
        diagnostics.push(...(isDoubtful ? found.filter(({ code }) => code !== 'missing-key') : found));
        if (found.some(({ severity }) => severity === 'error')) {
          withErrors += 1;
          continue;
        }
      }
      const asked = resolve(manifest);
      const left = leaveOut.of(manifest, asked);
      if (!left.ok) {
        diagnostics.push(...settled(relocated(left.diagnostics, filled.provenance)));
        withErrors += 1;
        continue;
      }
      const tags = presets === undefined || asked.tags !== undefined ? [] : addedTags(presets);
      desired.push(withWhatWasFilled(left.desired, filled, tags));
      if (options.policies !== undefined) kept.push(fields);
      if (options.keepSources) sources.push({ manifest: raw, provenance: filled.provenance });
    }
  }
  // A manifest that could not be read may be the one that an overlay is for.
  if (isReadWhole) {
    const stray = overlaysWithout(overlays, names);
    diagnostics.push(...stray);
    if (stray.length > 0) for (const origin of withoutOverlay) doubtful.add(originKey(origin));
  }
  diagnostics.push(...settled([...rules.together(manifests, find), ...leaveOut.endings()]));
  // What is not sound may not have been judged to the end.
  if (!diagnostics.some(({ severity }) => severity === 'error'))
    diagnostics.push(...bySettings(allowances.unused(rules.asked), settings));
  return {
    desired,
    withErrors,
    isDoubtful: (origin) => doubtful.size > 0 && doubtful.has(originKey(origin)),
    diagnostics: locate(diagnostics, find),
    settle: (found, gather = (left) => left) => {
      const atSource = found.flatMap((diagnostic) => {
        const { place } = diagnostic;
        const provenance = place.kind === 'field' ? written.get(originKey(place.origin)) : undefined;
        return relocated([diagnostic], provenance ?? []);
      });
      return locate(gather(settled(atSource)), find);
    },
    sourcesOf: (origin, fields) => valueSources(origin, written.get(originKey(origin)) ?? [], fields, find),
    allowances: () => allowances.given.flatMap((one) => given(one, desired, find)),
    unusedAllowances: (policies) => locate(bySettings(allowances.unused(policies), settings), find),
    ...(options.keepSources ? { sources } : {}),
    ...(options.policies === undefined ? {} : { fields: kept }),
  };
}

type Fills = {
  readonly read: readonly ReturnType<typeof parse>[];
  readonly overlaid: ReadOverlays;
  readonly folders: FolderDefaults;
  readonly configured: readonly { readonly diagnostics: readonly Diagnostic[] }[];
  readonly options: Pick<LoadOptions, 'hasUnreadOverlays'>;
};

/** Whether something with errors may fill a manifest. */
function doubts({ read, overlaid, folders, configured, options }: Fills) {
  const wrongFiles = read.filter((one) => one.diagnostics.length > 0);
  const hasLostOverlay = options.hasUnreadOverlays === true || wrongFiles.length > 0 || overlaid.hasNameless;
  const isAllDoubtful = configured.some((one) => one.diagnostics.length > 0);
  // A schedule has one overlay: what has one that is sound misses none.
  return ({ origin }: RawManifest, name: string | undefined, overlay: RawManifest | undefined): boolean =>
    isAllDoubtful ||
    folders.isDoubtful(origin.file) ||
    (hasLostOverlay && (overlay === undefined || isIn(wrongFiles, overlay))) ||
    (name !== undefined && overlaid.doubled.has(name));
}

function isIn(files: readonly ReturnType<typeof parse>[], { origin }: RawManifest): boolean {
  return files.some(({ manifests }) => manifests.some((one) => one.origin.file === origin.file));
}

function withWhatWasFilled(
  desired: DesiredSchedule,
  { secrets, credentials }: Filled,
  tags: ReturnType<typeof addedTags>,
): DesiredSchedule {
  if (secrets.length + credentials.length + tags.length === 0) return desired;
  return {
    ...desired,
    ...(secrets.length > 0 ? { secrets } : {}),
    ...(credentials.length > 0 ? { credentials } : {}),
    ...(tags.length > 0 ? { addedTags: tags } : {}),
  };
}

function given(
  { code, reason, file, document, item, line, place }: Allowance,
  desired: readonly DesiredSchedule[],
  find: Finder,
): readonly GivenAllowance[] {
  const at = find(place);
  const own = desired.filter(
    ({ origin }) =>
      origin.file === file && origin.document === document && (item === undefined || origin.item === item),
  );
  const schedule = own.length === 1 ? own[0]?.schedule.name : undefined;
  return at === undefined
    ? []
    : [{ code, reason, at, ...present({ schedule }), isGeneral: line === undefined }];
}

/** Without what is said of texts whose references lead nowhere: what is there is not what was meant. */
function known(diagnostics: readonly Diagnostic[], { unresolved }: Filled): readonly Diagnostic[] {
  if (unresolved.size === 0) return diagnostics;
  return diagnostics.filter(({ place }) => place.kind !== 'field' || !unresolved.has(pathKey(place.path)));
}

function originKey({ file, document, item }: Origin): string {
  return JSON.stringify([file, document, item]);
}

function inOrder(files: readonly SourceFile[]): readonly SourceFile[] {
  return [...files].sort((a, b) => compareText(a.path, b.path));
}
