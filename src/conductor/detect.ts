import type { JsonObject } from '../model/json.ts';
import type { Kept, ServerIdentity, ServerType } from '../model/port.ts';
import { serverTypes } from './server-types.ts';

/** What the elements of a list that had any tell about the server. */
export interface ListTraits {
  /** Some element has a field that only Orkes fills, or all have tags and none a field of OSS. */
  readonly orkes: boolean;
  /** Some element has `orgId` or `queueMsgId`. */
  readonly organisation: boolean;
  /** Every element has its tags with it. */
  readonly tagsEverywhere: boolean;
  /** Some element has `cronSchedules`: OSS from 3.30.0.rc9 on, or another server that keeps it. */
  readonly cronSchedules: boolean;
  /** Some element has `nextRunTime`, which the older OSS scheduler fills. */
  readonly nextRunTime: boolean;
}

/** The traits of a list's raw elements; `undefined` for an empty list, which tells nothing. */
export function traitsOf(elements: readonly JsonObject[]): ListTraits | undefined {
  if (elements.length === 0) return undefined;
  const some = (field: string): boolean => elements.some((element) => Object.hasOwn(element, field));
  const tagsEverywhere = elements.every(({ tags }) => Array.isArray(tags));
  const cronSchedules = some('cronSchedules');
  const nextRunTime = some('nextRunTime');
  const organisation = some('orgId') || some('queueMsgId');
  return {
    // The older OSS scheduler echoes tags that some client sent, so tags prove nothing next to its own fields.
    orkes: organisation || (tagsEverywhere && !cronSchedules && !nextRunTime),
    organisation,
    tagsEverywhere,
    cronSchedules,
    nextRunTime,
  };
}

/** How requests are authorised, as far as it tells what the server is. */
export type TokenState =
  /** No key, no token. */
  | 'none'
  /** A token was given from outside. */
  | 'given'
  /** `POST /token` gave one. */
  | 'exchanged'
  /** There is no `POST /token`: the key and secret are not used. */
  | 'unused';

export interface Evidence {
  readonly token: TokenState;
  readonly list?: ListTraits;
  /** The text of `GET /version`; `null` = asked, and the answer was not a version. */
  readonly version?: string | null;
  /** Whether schedules have a route for their tags. */
  readonly tagsRoute?: boolean;
  /** Whose words a GET of a name that no schedule has was answered with. */
  readonly missing?: 'oss-0' | 'oss-1' | 'oss-2' | 'unknown';
  /** The verbs that `OPTIONS` names for a pause, in capitals; none = it says nothing. */
  readonly pauseVerbs?: readonly string[];
}

/** A request that tells more; each is harmless on every server. */
export type Question = 'version' | 'tags route' | 'missing' | 'pause verbs';

export type Recognition =
  | { readonly kind: 'ask'; readonly question: Question }
  /** `assumed`: the evidence fits, and fits another server type as well. */
  | { readonly kind: 'decided'; readonly serverType: ServerType; readonly assumed: boolean };

/**
 * What the evidence says, or what has to be asked first. Orkes' two server types differ in the verbs of a pause and in
 * whether they keep its reason: `tellsAge` asks for that.
 *
 * A version does not prove OSS: what Orkes sends there is not known, and an empty list of an Orkes server
 * behind a gateway looks like one of OSS. The route for tags decides, which OSS has never had.
 */
export function recognise(evidence: Evidence, tellsAge: boolean): Recognition {
  const { list, version, tagsRoute, missing } = evidence;
  if (isOrkes(evidence)) return orkes(evidence, tellsAge);
  if (version === undefined) return ask('version');
  const oss = ossOf(version);
  if (list !== undefined && (oss === 'oss-0' || (oss !== undefined && list.cronSchedules)))
    return decided(oss, 'known');
  if (tagsRoute === undefined) return ask('tags route');
  if (tagsRoute) return list === undefined ? orkes(evidence, tellsAge) : decided('documented', 'assumed');
  if (oss !== undefined) return decided(oss, list === undefined ? 'known' : 'assumed');
  if (missing === undefined) return ask('missing');
  if (missing !== 'unknown') return decided(missing, 'known');
  return decided(list?.nextRunTime && !list.cronSchedules ? 'oss-0' : 'oss-2', 'assumed');
}

function isOrkes({ token, list, version }: Evidence): boolean {
  if (token === 'exchanged') return true;
  if (!list?.orkes) return false;
  if (list.organisation && !list.nextRunTime) return true;
  // The older OSS scheduler echoes whatever some client sent.
  return version !== undefined && ossOf(version) !== 'oss-0';
}

function orkes({ pauseVerbs }: Evidence, tellsAge: boolean): Recognition {
  if (pauseVerbs === undefined) return tellsAge ? ask('pause verbs') : decided('orkes-new', 'assumed');
  if (!pauseVerbs.includes('GET')) return decided('orkes-new', 'assumed');
  return decided(pauseVerbs.includes('PUT') ? 'orkes-new' : 'orkes-old', 'known');
}

function ask(question: Question): Recognition {
  return { kind: 'ask', question };
}

function decided(serverType: ServerType, how: 'known' | 'assumed'): Recognition {
  return { kind: 'decided', serverType, assumed: how === 'assumed' };
}

/** Which OSS scheduler a version has; `undefined` for a text that is not a version of it. */
function ossOf(version: string | null): 'oss-0' | 'oss-1' | 'oss-2' | undefined {
  const found = /^v?3\.(\d+)\.(\d+)(?:[.-]?rc[.-]?(\d+))?/i.exec(version?.trim() ?? '');
  if (found === null) return undefined;
  const [minor, patch, candidate] = found.slice(1).map((part) => (part ? Number(part) : undefined));
  if (minor === undefined || minor >= 32) return 'oss-2';
  if (minor < 30) return 'oss-0';
  return minor === 30 && patch === 0 && candidate !== undefined && candidate < 9 ? 'oss-0' : 'oss-1';
}

/** The identity of a server of this server type, corrected by what was seen of it. */
export function identityOf(
  { serverType, assumed }: { readonly serverType: ServerType; readonly assumed: boolean },
  { token, list, version }: Evidence,
): ServerIdentity {
  const { capabilities, outdated } = serverTypes[serverType];
  const { cronSchedules, pauseReason } = capabilities;
  const tagsInList = capabilities.tagsInList && (list === undefined || list.tagsEverywhere);
  const believed: Kept = list?.cronSchedules ? 'kept' : assumed ? 'unknown' : cronSchedules;
  return {
    serverType,
    ...(assumed ? { assumed } : {}),
    ...(version ? { version } : {}),
    capabilities: {
      ...capabilities,
      tagsInList,
      cronSchedules: cronSchedules === 'kept' && !assumed ? cronSchedules : believed,
      pauseReason: assumed ? 'unknown' : pauseReason,
    },
    ...(token === 'unused' ? { credentialsUnused: true } : {}),
    ...(outdated ? { outdated } : {}),
  };
}
