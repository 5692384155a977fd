import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What kind of list answer the schedules are to appear in. */
export type ServerKind = 'oss' | 'orkes';

export interface FleetOptions {
  readonly count: number;
  /** Every n-th schedule has tags; 0 = none has. */
  readonly tagEvery: number;
}

/** A schedule object as a server lists it. */
export interface WireSchedule {
  readonly name: string;
  readonly [field: string]: unknown;
}

const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'UTC'];
const workflows = ['reconcile_ledger', 'refresh_prices', 'export_orders'];
const tags = [
  { key: 'environment', value: 'production' },
  { key: 'team', value: 'ledger' },
];

/** The values of schedule `index`, by arithmetic alone: the same on every machine and in every run. */
function valuesOf(index: number, options: FleetOptions) {
  const number = String(index).padStart(6, '0');
  const minute = (index * 7) % 60;
  const hour = 4 + (index % 17);
  return {
    name: `ledger_region_${number}`,
    description: `Reconcile the ledger of region ${number} with its bank`,
    cronExpression: `0 ${minute} ${hour} * * ?`,
    zoneId: zones[index % zones.length]!,
    workflow: workflows[index % workflows.length]!,
    version: 1 + (index % 5),
    correlationId: `LEDGER_${number}`,
    priority: index % 100,
    batchSize: 100 + (index % 9) * 50,
    tagged: options.tagEvery > 0 && index % options.tagEvery === 0,
  };
}

/** A manifest of eleven fields in about 330 bytes, tags not counted. */
export function manifestText(index: number, options: FleetOptions): string {
  const of = valuesOf(index, options);
  return `name: ${of.name}
description: ${of.description}
cronExpression: "${of.cronExpression}"
zoneId: ${of.zoneId}
startWorkflowRequest:
  name: ${of.workflow}
  version: ${of.version}
  correlationId: ${of.correlationId}
  priority: ${of.priority}
  input:
    source: scheduled
    batchSize: ${of.batchSize}
runCatchupScheduleInstances: false
${of.tagged ? `tags: {${tags.map(({ key, value }) => `${key}: ${value}`).join(', ')}}\n` : ''}`;
}

/** The same schedule as a server of that kind lists it when nothing is left to do (fields as OSS 3.32.1, Orkes' docs). */
export function wireSchedule(index: number, options: FleetOptions, kind: ServerKind): WireSchedule {
  const of = valuesOf(index, options);
  const user = kind === 'oss' ? '' : 'ci@kettle-and-larch.example';
  return {
    name: of.name,
    description: of.description,
    cronExpression: of.cronExpression,
    runCatchupScheduleInstances: false,
    paused: false,
    startWorkflowRequest: {
      name: of.workflow,
      version: of.version,
      correlationId: of.correlationId,
      input: { source: 'scheduled', batchSize: of.batchSize },
      taskToDomain: {},
      priority: of.priority,
    },
    zoneId: of.zoneId,
    createTime: 1_790_000_000_000 + index,
    updatedTime: 1_790_000_000_000 + index,
    createdBy: user,
    updatedBy: user,
    ...(kind === 'oss'
      ? { cronSchedules: [] }
      : { tags: of.tagged ? tags : [], orgId: '0000', queueMsgId: of.name }),
  };
}

/** The whole list. Last written first, so that who compares has to look names up. */
export function wireList(options: FleetOptions, kind: ServerKind): readonly WireSchedule[] {
  return indices(options)
    .map((index) => wireSchedule(index, options, kind))
    .reverse();
}

/** Writes one manifest a file into a new folder. */
export function writeManifests(folder: string, options: FleetOptions): void {
  mkdirSync(folder);
  for (const index of indices(options)) {
    writeFileSync(join(folder, `${String(index).padStart(6, '0')}.yaml`), manifestText(index, options));
  }
}

function indices(options: FleetOptions): readonly number[] {
  return Array.from({ length: options.count }, (_, index) => index);
}
