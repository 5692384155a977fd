import {
  accessSync,
  chmodSync,
  chownSync,
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { utf8Text } from '../model/text/utf8.ts';
import type { Io, WriteHow, WriteTrouble } from './io.ts';
import { reasonOf } from './reasons.ts';
import { locked, temporaryBeside } from './temporary.ts';
import { writeErr, writeOut } from './terminal.ts';

/**
 * The one writer of files. It writes into what a path leads to: through links, into devices, pipes and descriptors. An
 * ordinary file keeps mode and owner and is replaced in one step by a temporary file beside it; where its folder does
 * not allow that, it is written in place.
 */
export const writeFile: Io['writeFile'] = (path, text, how = {}) => {
  try {
    if (how.folders) mkdirSync(dirname(path), { recursive: true });
    return put(placeOf(path), Buffer.from(text), how);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (isMissing && isBefore(how.over)) return gone;
    return failed(isMissing ? 'its directory does not exist' : reasonOf(error));
  }
};

/** What a path leads to. */
type Place =
  /** Of this process. */
  | { readonly kind: 'descriptor'; readonly number: number }
  /** A device, a FIFO, a socket, or a descriptor of another process. */
  | { readonly kind: 'stream'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string; readonly stat: Stats }
  | { readonly kind: 'missing'; readonly path: string; readonly linked: boolean };

const mostLinks = 40;

function placeOf(path: string, links = 0): Place {
  const real = join(realpathSync(dirname(path)), basename(path));
  const [, process = '', open] = /^\/proc\/(\d+)(?:\/task\/\d+)?\/fd\/(\d+)$/.exec(real) ?? [];
  const number = open ?? /^\/dev\/fd\/(\d+)$/.exec(real)?.[1];
  // Opened again, the file of a descriptor would be written from its start.
  if (number !== undefined && (process === '' || isThisProcess(process)))
    return { kind: 'descriptor', number: Number(number) };
  if (number !== undefined) return { kind: 'stream', path: real };
  const stat = lstatSync(real, { throwIfNoEntry: false });
  if (stat === undefined) return { kind: 'missing', path: real, linked: links > 0 };
  if (stat.isSymbolicLink()) {
    if (links === mostLinks) throw trouble('ELOOP');
    return placeOf(resolve(dirname(real), readlinkSync(real)), links + 1);
  }
  if (stat.isDirectory()) throw trouble('EISDIR');
  return stat.isFile() ? { kind: 'file', path: real, stat } : { kind: 'stream', path: real };
}

function isThisProcess(id: string): boolean {
  return Number(id) === process.pid;
}

function trouble(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code });
}

function put(place: Place, bytes: Uint8Array, how: WriteHow): WriteTrouble | undefined {
  const { over = 'anything' } = how;
  const isNew = place.kind === 'missing' && !(place.linked && over === 'nothing');
  if (over === 'nothing' && !isNew) return exists;
  switch (place.kind) {
    case 'missing':
      return isBefore(over) ? gone : replace(place.path, undefined, bytes, how);
    case 'file':
      accessSync(place.path, constants.W_OK);
      return isBefore(over)
        ? locked(place.path, () => replace(place.path, place.stat, bytes, how))
        : replace(place.path, place.stat, bytes, how);
    default:
      if (isBefore(over)) return failed('it is not an ordinary file');
      return stream(place, bytes);
  }
}

function stream(place: Extract<Place, { kind: 'descriptor' | 'stream' }>, bytes: Uint8Array): undefined {
  if (place.kind === 'descriptor') {
    // In one queue with everything else that is written there.
    if (place.number === 1) writeOut(Buffer.from(bytes).toString());
    else if (place.number === 2) writeErr(Buffer.from(bytes).toString());
    else writeAll(place.number, bytes);
    return;
  }
  const opened = openSync(place.path, constants.O_WRONLY | constants.O_APPEND);
  try {
    writeAll(opened, bytes);
  } finally {
    closeSync(opened);
  }
}

/** A pipe that does not block takes nothing while it is full. */
function writeAll(opened: number, bytes: Uint8Array): void {
  for (let from = 0; from < bytes.length; ) {
    try {
      from += writeSync(opened, bytes, from);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** `stat`: of the file that is there. */
function replace(
  path: string,
  stat: Stats | undefined,
  bytes: Uint8Array,
  how: WriteHow,
): WriteTrouble | undefined {
  const temporary = temporaryBeside(path);
  const { over, durable = false } = how;
  try {
    writeFileSync(temporary, bytes, { flag: 'wx', flush: durable, mode: how.private ? 0o600 : 0o666 });
    if (stat !== undefined) takeOver(temporary, stat, how);
    if (isBefore(over) && !isText(readFileSync(path), over.text)) return changed;
    const taken = over === 'nothing' ? putNew(temporary, path) : renameSync(temporary, path);
    // The new name is an entry of the directory, which is written by itself. Windows cannot be asked to.
    if (durable && sep === '/') flushed(dirname(path));
    return taken ?? undefined;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // A folder that may not be written, an owner that cannot be kept, a file that is mounted by itself.
    if (stat !== undefined && ['EACCES', 'EPERM', 'EROFS', 'EBUSY'].includes(code))
      return writeInPlace(path, bytes, how);
    throw error;
  } finally {
    remove(temporary);
  }
}

/** By its bytes: what is not UTF-8 is not what was read. */
function isText(bytes: Buffer, text: string): boolean {
  return bytes.equals(Buffer.from(text));
}

function remove(temporary: string): void {
  try {
    rmSync(temporary, { force: true });
  } catch {
    // In a folder that may not be written there is none.
  }
}

/** Mode and owner of the file whose place it takes. */
function takeOver(temporary: string, { uid, gid, mode }: Stats, how: WriteHow): void {
  const own = statSync(temporary);
  if (own.uid !== uid || own.gid !== gid) chownSync(temporary, uid, gid);
  chmodSync(temporary, how.private ? 0o600 : mode & 0o7777);
}

/** What was there is put back when there is no room. */
function writeInPlace(
  path: string,
  bytes: Uint8Array,
  { over, durable, private: isPrivate }: WriteHow,
): WriteTrouble | undefined {
  const opened = openSync(path, 'r+');
  try {
    const before = readFileSync(opened);
    if (isBefore(over) && !isText(before, over.text)) return changed;
    try {
      overwrite(opened, bytes);
    } catch (error) {
      overwrite(opened, before);
      throw error;
    }
    if (isPrivate) chmodSync(path, 0o600);
    if (durable) fsyncSync(opened);
    return undefined;
  } finally {
    closeSync(opened);
  }
}

function overwrite(opened: number, bytes: Uint8Array): void {
  for (let from = 0; from < bytes.length; ) from += writeSync(opened, bytes, from, bytes.length - from, from);
  ftruncateSync(opened, bytes.length);
}

function flushed(directory: string): void {
  const opened = openSync(directory, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

/** A link, unlike a rename, fails when there is something already. */
function putNew(temporary: string, path: string): WriteTrouble | undefined {
  try {
    linkSync(temporary, path);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return exists;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    // A file system without links.
    copyFileSync(temporary, path, constants.COPYFILE_EXCL);
    return undefined;
  }
}

function isBefore(over: WriteHow['over']): over is { readonly text: string } {
  return typeof over === 'object';
}

const exists: WriteTrouble = { kind: 'exists', why: 'there is a file of this name already' };
const changed: WriteTrouble = { kind: 'changed', why: 'it was changed by others in the meantime' };
const gone: WriteTrouble = { kind: 'gone', why: 'it is not there any more' };

function failed(why: string): WriteTrouble {
  return { kind: 'failed', why };
}

/** Removes what an earlier run has left: see `Io`. */
export const removeFile: Io['removeFile'] = (path, isOld) => {
  try {
    const place = placeOf(path);
    if (place.kind !== 'file') return { kind: 'kept' };
    const text = utf8Text(readFileSync(place.path));
    if (text === undefined || !isOld(text)) return { kind: 'kept' };
    rmSync(place.path);
    return { kind: 'removed' };
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return isMissing ? { kind: 'kept' } : { kind: 'failed', why: reasonOf(error) };
  }
};

/** Opens a file to append to: see `Io`. */
export const openAppend: Io['openAppend'] = (path) => {
  try {
    const file = openSync(path, 'a');
    return {
      kind: 'open',
      append: (text) => writeAll(file, Buffer.from(text)),
      close: () => closeSync(file),
    };
  } catch (error) {
    return { kind: 'failed', why: reasonOf(error) };
  }
};

/** Adds to the end of a file. Returns why it could not. */
export const appendFile: Io['appendFile'] = (path, text) => {
  const opened = openAppend(path);
  if (opened.kind === 'failed') return opened.why;
  try {
    opened.append(text);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  } finally {
    opened.close();
  }
};
