import { isObject, type Json, parseJson, writeJson } from '../../model/json.ts';
import { recordFormat, type Standstill } from '../../model/standstill.ts';
import type { Files } from '../../run/run.ts';
import { refuse, type Settled } from '../../settings/settings.ts';

/** Reads the file of a record; undefined = there is none. */
export function readRecord(files: Files, path: string, server: string): Settled<Standstill | undefined> {
  const file = files.readFile(path);
  const shown = JSON.stringify(path);
  if (file.kind === 'missing') return { ok: true, value: undefined };
  if (file.kind !== 'read') {
    const why = file.kind === 'directory' ? 'it is a directory' : file.why;
    return refuse(`the record ${shown} cannot be read: ${why}`, 'name another --record');
  }
  const parsed = parseJson(file.text);
  const record = parsed.ok ? recordFrom(parsed.value) : undefined;
  if (record === undefined)
    return refuse(`${shown} is no record of a pause`, 'name the file that `pause --all --each` wrote');
  if (record.server !== server) {
    return refuse(
      `the record ${shown} is of the server ${record.server}, not of ${server}`,
      'name the record of this server, or the server of this record with --server',
    );
  }
  return { ok: true, value: record };
}

export function recordText(record: Standstill): string {
  return `${writeJson(record, 2)}\n`;
}

function recordFrom(value: Json): Standstill | undefined {
  if (!isObject(value) || value.format !== recordFormat || value.kind !== 'record') return undefined;
  const { server, at, mark, marksKept, resumedAt, running } = value;
  if (typeof server !== 'string' || typeof at !== 'number' || typeof mark !== 'string') return undefined;
  if (!Array.isArray(running)) return undefined;
  const schedules: { name: string; basis: string }[] = [];
  for (const one of running) {
    if (!isObject(one) || typeof one.name !== 'string' || typeof one.basis !== 'string') return undefined;
    schedules.push({ name: one.name, basis: one.basis });
  }
  return {
    format: recordFormat,
    kind: 'record',
    server,
    at,
    mark,
    ...(typeof marksKept === 'boolean' ? { marksKept } : {}),
    ...(typeof resumedAt === 'number' ? { resumedAt } : {}),
    running: schedules,
  };
}
