import type { Files } from '../../run/run.ts';
import { type Change, dataLine, dataText, type ReadData, readData } from '../../scheduler/data.ts';
import type { LocalServer } from '../../scheduler/local/local-server.ts';
import { refuse, type Settled } from '../../settings/settings.ts';

/** What a scheduler of an earlier run has left in a file; undefined = the file does not exist yet. */
export function readServed(
  files: Files,
  path: string,
): Settled<Extract<ReadData, { readonly ok: true }> | undefined> {
  const file = files.readFile(path);
  if (file.kind === 'missing') return { ok: true, value: undefined };
  if (file.kind !== 'read') {
    const why = file.kind === 'directory' ? 'it is a directory' : file.why;
    return refuse(`${JSON.stringify(path)} cannot be read: ${why}`, hint);
  }
  const read = readData(file.text);
  return read.ok
    ? { ok: true, value: read }
    : refuse(`${JSON.stringify(path)} cannot be used, line ${read.line}: ${read.why}`, hint);
}

const hint = 'choose another file with --data; a new one is created';

export type Keeper = {
  /** Throws when the disk takes no more. */
  keep(changes: readonly Change[]): void;
  close(): void;
};

// A file is written anew when what was appended is this much, or several times what there is to keep.
const leastToCompact = 4_000_000;
const timesToCompact = 4;

/**
 * Keeps a scheduler in a file: whole first, then what changes, line by line. A process that is killed at any time
 * leaves every effect in it that was answered.
 */
export function keepIn(
  files: Files,
  path: string,
  { scheduler, ahead }: Pick<LocalServer, 'scheduler' | 'ahead'>,
): Settled<Keeper> {
  const begin = (): Settled<{
    readonly append: (text: string) => void;
    readonly close: () => void;
    readonly size: number;
  }> => {
    const text = dataText(scheduler(), scheduler().state(), ahead());
    const why = files.writeServed(path, text)?.why;
    const opened = why === undefined ? files.openAppend(path) : undefined;
    if (opened?.kind === 'open') return { ok: true, value: { ...opened, size: text.length } };
    return refuse(`${JSON.stringify(path)} cannot be written: ${why ?? opened?.why}`, hint);
  };
  const first = begin();
  if (!first.ok) return first;
  let file = first.value;
  let appended = 0;
  return {
    ok: true,
    value: {
      keep(changes) {
        const line = dataLine(changes);
        file.append(line);
        appended += line.length;
        if (appended < leastToCompact || appended < timesToCompact * file.size) return;
        const next = begin();
        if (!next.ok) throw new Error(next.usage.message);
        file.close();
        file = next.value;
        appended = 0;
      },
      close: () => file.close(),
    },
  };
}
