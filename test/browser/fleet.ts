import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { main } from '../../src/main.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { markerTags } from '../../src/model/marks/marker.ts';
import { createScheduler } from '../../src/scheduler/core.ts';
import { fakeIo } from '../support/io.ts';
import { serveLocal } from '../support/scheduler.ts';

/** 2026-11-23T12:00:00Z, a Monday. */
const noon = Date.UTC(2026, 10, 23, 12);
const owner = 'payments-platform';

/** A schedule on both sides; absent = there is none. */
export type Pair = {
  readonly name: string;
  /** Of its manifest, below the directory. */
  readonly file: string;
  readonly manifest?: JsonObject;
  readonly observed?: JsonObject;
  readonly tags?: readonly { readonly key: string; readonly value: string }[];
  readonly isPaused?: string;
};

const teams = ['payments', 'growth', 'warehouse', 'platform', 'orders'] as const;
const zones = ['Europe/Berlin', 'America/New_York', 'UTC', 'Asia/Tokyo'] as const;

/** So many changes of all kinds, and some schedules that do not change; the same each time. */
export function fleet(changes: number): readonly Pair[] {
  return Array.from({ length: changes + Math.ceil(changes / 10) }, (_, index) => pairOf(index, changes));
}

function pairOf(index: number, changes: number): Pair {
  const team = teams[index % teams.length] ?? 'payments';
  const zoneId = zones[index % zones.length] ?? 'UTC';
  const name = `${team}_${['settle', 'report', 'sync', 'export', 'score', 'archive'][index % 6]}_${index}`;
  const file = `${team}/${index % 3 === 0 ? 'nightly' : 'hourly'}.yaml`;
  const tags = [
    { key: 'environment', value: 'production' },
    { key: 'team', value: team },
  ];
  const base = {
    name,
    description: `What ${team} does for region ${index}`,
    cronExpression: index % 7 === 3 ? '0 */5 * * * ?' : `0 ${(index * 7) % 60} ${index % 24} * * ?`,
    zoneId,
    startWorkflowRequest: {
      name: `${team}_work`,
      version: 1 + (index % 3),
      input: { region: `eu-${index % 4}`, batchSize: 100 + index, steps: ['read', 'check', 'book'] },
    },
  };
  const later = { ...base, cronExpression: `0 ${(index * 11) % 60} ${(index + 2) % 24} ? * MON-FRI` };
  const one = { name, file, tags };
  if (index >= changes) return { ...one, manifest: base, observed: base };
  switch (index % 12) {
    case 0:
    case 1:
      return { ...one, manifest: base };
    case 2:
      return { ...one, observed: base };
    case 3:
      return {
        ...one,
        manifest: { ...base, paused: false },
        observed: base,
        isPaused: 'INC-4711: the ledger is down',
      };
    case 4:
      return {
        ...one,
        manifest: { ...base, paused: true, pausedReason: 'Back in February (PAY-2211)' },
        observed: base,
      };
    case 5:
    case 6:
    case 7:
      return { ...one, manifest: later, observed: base };
    case 8:
      return {
        ...one,
        manifest: {
          ...base,
          startWorkflowRequest: {
            ...base.startWorkflowRequest,
            version: 4,
            input: { ...base.startWorkflowRequest.input, steps: ['read', 'book'], apiKey: `key ${index}` },
          },
        },
        observed: base,
      };
    case 9:
      return { ...one, manifest: { ...later, cronExpression: '0 0/15 8-18 ? * MON-FRI' }, observed: base };
    default:
      return {
        ...one,
        manifest: { ...base, description: `What ${team} does, region by region` },
        observed: base,
      };
  }
}

export type Written = {
  readonly code: number;
  readonly html: string;
  readonly out: string;
  readonly err: string;
};

/** Runs a command over a world of schedules, at noon, and gives back the page (or what else was asked for in `o.html`). */
export async function runOver(
  pairs: readonly Pair[],
  words: readonly string[],
  now: number = noon,
): Promise<Written> {
  const cwd = mkdtempSync(join(tmpdir(), 'downbeat-fleet-'));
  const files = new Map<string, JsonObject[]>();
  for (const { file, manifest, tags } of pairs)
    if (manifest !== undefined)
      files.set(file, [...(files.get(file) ?? []), { ...manifest, ...(tags ? { tags } : {}) }]);
  for (const [file, manifests] of files) {
    const path = join(cwd, 'schedules', file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, manifests.map((one) => `${JSON.stringify(one, null, 1)}\n`).join('---\n'));
  }
  const scheduler = createScheduler({ serverType: 'orkes-new', now: () => now, acceptAnyWorkflow: true });
  for (const { name, observed, tags = [], isPaused } of pairs) {
    if (observed === undefined) continue;
    const paused = isPaused === undefined ? {} : { paused: true, pausedReason: isPaused };
    scheduler.put({ ...observed, ...paused }, [...tags, ...markerTags(name, { owner, protected: false })]);
  }
  const served = await serveLocal({
    ...scheduler,
    handle: (request) => {
      const answer = scheduler.handle(request);
      // Else the header has the real time, and a run would go by that.
      return { ...answer, headers: { ...answer.headers, date: new Date(now).toUTCString() } };
    },
  });
  try {
    const heard = fakeIo({
      cwd,
      now: () => now,
      env: { CONDUCTOR_SERVER_URL: `${served.url}/api`, CONDUCTOR_AUTH_KEY: 'k', CONDUCTOR_AUTH_SECRET: 's' },
    });
    const code = await main(
      words.map((word) => word.replace('{server}', `${served.url}/api`)),
      heard.io,
    );
    return { code, html: heard.files.get('o.html') ?? '', out: heard.out(), err: heard.err() };
  } finally {
    await served.close();
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** What `plan` takes to show all of it. */
export const planWords: readonly string[] = [
  'plan',
  'schedules',
  '--owner',
  owner,
  '--prune',
  '--max-deletes',
  '100000',
  '-o',
  'html=o.html',
];
