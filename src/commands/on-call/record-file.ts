import type { RecordKeeper } from '../../apply/standstill/kept-record.ts';
import { utcTime } from '../../cron/zone/utc.ts';
import type { RecordFile } from '../../model/generated/report-parts.ts';
import { misfitPath, parseJson, writeJson } from '../../model/json.ts';
import { present } from '../../model/present.ts';
import type { Standstill } from '../../model/standstill.ts';
import { isoTime } from '../../report/documents/entries.ts';
import type { Files } from '../../run/run.ts';
import { refuse, type Settled } from '../../settings/settings.ts';
import { validateRecord } from './generated/validate-record.js';

/** Reads the file of a record; undefined = there is none. */
export function readRecord(
  files: Pick<Files, 'readFile'>,
  path: string,
  server: string,
): Settled<Standstill | undefined> {
  const file = files.readFile(path);
  const shown = JSON.stringify(path);
  if (file.kind === 'missing') return { ok: true, value: undefined };
  if (file.kind !== 'read') {
    const why = file.kind === 'directory' ? 'it is a directory' : file.why;
    return refuse(`the record ${shown} cannot be read: ${why}`, 'choose another --record');
  }
  const parsed = parseJson(file.text);
  if (!parsed.ok || !validateRecord(parsed.value)) {
    const place = parsed.ok ? misfitPath(validateRecord.errors) : '';
    const why = place === '' ? 'it is not a JSON object' : `see ${JSON.stringify(place)}`;
    return refuse(
      `${shown} is not a record of a pause: ${why}`,
      'pass the file that `pause --all --each` wrote',
    );
  }
  const record = recordIn(parsed.value);
  if (record.server !== server) {
    return refuse(
      `the record ${shown} is for the server ${record.server}, not for ${server}`,
      'use the record of this server, or pass the server of the record with --server',
    );
  }
  return { ok: true, value: record };
}

/** A record as it is kept in its file, which other runs may write too. */
export function keeperOf(files: Files, path: string, server: string): RecordKeeper {
  let known: { readonly text: string; readonly record: Standstill } | undefined;
  return {
    read: () => {
      const file = files.readFile(path);
      // Most of the time no other run has written it.
      if (file.kind === 'read' && file.text === known?.text) return { ok: true, record: known.record };
      const read = readRecord({ readFile: () => file }, path, server);
      if (!read.ok) return { ok: false, why: read.usage.message };
      known = file.kind === 'read' && read.value ? { text: file.text, record: read.value } : undefined;
      return { ok: true, record: read.value };
    },
    write: (next) => {
      const over = known === undefined ? 'nothing' : { text: known.text };
      const trouble = files.writeFile(path, recordText(next), { over, durable: true });
      if (trouble === undefined) known = { text: recordText(next), record: next };
      return trouble === undefined ? 'written' : trouble.kind === 'failed' ? trouble : 'changed';
    },
  };
}

export function recordText(record: Standstill): string {
  const { format, kind, server, at, mark, marksKept, resumedAt, running } = record;
  const file: RecordFile = {
    format,
    kind,
    server,
    at: isoTime(at),
    mark,
    ...present({ marksKept }),
    ...present({ resumedAt: isoTime(resumedAt) }),
    running: running.map(({ pausedAt, ...one }) => ({ ...one, ...present({ pausedAt: isoTime(pausedAt) }) })),
  };
  return `${writeJson(file, 2)}\n`;
}

function recordIn({ at, resumedAt, running, ...rest }: RecordFile): Standstill {
  return {
    ...rest,
    at: utcTime(at),
    ...(resumedAt === undefined ? {} : { resumedAt: utcTime(resumedAt) }),
    running: running.map(({ pausedAt, ...one }) => ({
      ...one,
      ...(pausedAt === undefined ? {} : { pausedAt: utcTime(pausedAt) }),
    })),
  };
}
