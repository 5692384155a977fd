import { misfitPath, parseJson, writeJson } from '../../model/json.ts';
import type { Standstill } from '../../model/standstill.ts';
import type { Files } from '../../run/run.ts';
import { refuse, type Settled } from '../../settings/settings.ts';
import { validateRecord } from './generated/validate-record.js';

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
  if (!parsed.ok || !validateRecord(parsed.value)) {
    const place = parsed.ok ? misfitPath(validateRecord.errors) : '';
    const why = place === '' ? 'it is not a JSON object' : `see ${JSON.stringify(place)}`;
    return refuse(
      `${shown} is not a record of a pause: ${why}`,
      'name the file that `pause --all --each` wrote',
    );
  }
  const record = parsed.value;
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
