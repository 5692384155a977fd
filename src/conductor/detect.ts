import type { JsonObject } from '../model/json.ts';
import type { ServerIdentity, ServerType } from '../model/port.ts';
import { serverTypes } from './server-types.ts';

/** What the elements of a list that had any tell about the server. */
export interface ListTraits {
  /** Some element has a field that only Orkes fills, or all have tags and none a field of OSS. */
  readonly orkes: boolean;
  /** Every element has its tags with it. */
  readonly tagsEverywhere: boolean;
  /** Some element has `cronSchedules`: OSS from 3.30.0.rc9 on. */
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
  return {
    // The older OSS scheduler echoes tags that some client sent, so tags alone prove nothing beside its own fields.
    orkes: some('orgId') || some('queueMsgId') || (tagsEverywhere && !cronSchedules && !nextRunTime),
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
  /** The text of `GET /version`; `null` = asked, and the answer was no version. */
  readonly version?: string | null;
}

/**
 * What the evidence says, or `undefined` when the version has to be asked first. With the version asked it always
 * decides: OSS keeps its newest server type for versions that nobody has seen. Orkes' two server types differ only in
 * verbs, which the ladder finds out.
 */
export function recognise({ token, list, version }: Evidence): ServerType | undefined {
  if (token === 'exchanged') return 'orkes-new';
  if (token !== 'unused' && list?.orkes) return 'orkes-new';
  if (token === 'given' && !list?.cronSchedules && !list?.nextRunTime) return 'orkes-new';
  if (version === undefined) return undefined;
  const oss = ossOf(version);
  if (oss !== undefined) return oss;
  // Without a version, OSS still shows in every schedule it lists.
  if (list === undefined || list.cronSchedules) return 'oss-2';
  return list.nextRunTime ? 'oss-0' : 'documented';
}

/** Which OSS scheduler a version has; `undefined` for a text that is no version of it. */
function ossOf(version: string | null): ServerType | undefined {
  const found = /^v?3\.(\d+)\.(\d+)(?:[.-]?rc[.-]?(\d+))?/i.exec(version?.trim() ?? '');
  if (found === null) return undefined;
  const [minor, patch, candidate] = found.slice(1).map((part) => (part ? Number(part) : undefined));
  if (minor === undefined || minor >= 32) return 'oss-2';
  if (minor < 30) return 'oss-0';
  return minor === 30 && patch === 0 && candidate !== undefined && candidate < 9 ? 'oss-0' : 'oss-1';
}

/** The identity of a server of this server type, corrected by what was seen of it. */
export function identityOf(serverType: ServerType, { token, list, version }: Evidence): ServerIdentity {
  const { capabilities, outdated } = serverTypes[serverType];
  const tagsInList = capabilities.tagsInList && (list === undefined || list.tagsEverywhere);
  return {
    serverType,
    ...(version ? { version } : {}),
    capabilities: { ...capabilities, tagsInList },
    ...(token === 'unused' ? { credentialsUnused: true } : {}),
    ...(outdated ? { outdated } : {}),
  };
}
