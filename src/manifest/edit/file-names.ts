/** Longer ones are cut: 255 bytes are the most that common file systems take, and backups add to them. */
const longest = 100;

// What Windows takes for a device, with any ending.
const device = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=\.|$)/i;

/**
 * A file name for each schedule, ending in `.yaml`, safe on every file system: one segment of letters, digits, `.`,
 * `_` and `-`, no two of them equal where case or the form of Unicode does not count, none equal to a `taken` one.
 * Equal input gives equal names. `hide` takes out known secrets: what is cut or replaced here cannot be masked later.
 */
export function fileNames(
  schedules: readonly string[],
  taken: Iterable<string>,
  hide: (name: string) => string,
): ReadonlyMap<string, string> {
  const used = new Set([...taken].map(folded));
  const names = new Map<string, string>();
  for (const schedule of [...schedules].sort()) {
    const shown = hide(schedule);
    const stem = stemOf(shown);
    let name = `${stem}.yaml`;
    for (let count = 0; used.has(folded(name)); count += 1)
      name = `${stem}-${hashOf(shown)}${count === 0 ? '' : `-${count}`}.yaml`;
    used.add(folded(name));
    names.set(schedule, name);
  }
  return names;
}

function stemOf(schedule: string): string {
  const plain = schedule
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '_')
    // Hidden files, options of commands, and marks without a letter before them.
    .replace(/^[.\p{M}-]+/u, '')
    .replace(/\.+$/, '')
    .replace(/(?<=[^._])[._]+$/, '');
  if (plain === '') return `schedule-${hashOf(schedule)}`;
  const safe = device.test(plain) ? `_${plain}` : plain;
  return byteLength(safe) <= longest ? safe : `${cut(safe)}-${hashOf(schedule)}`;
}

function cut(text: string): string {
  let kept = '';
  for (const character of text) {
    if (byteLength(kept + character) > longest) break;
    kept += character;
  }
  return kept.replace(/\.+$/, '');
}

function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function folded(name: string): string {
  return name.normalize('NFKC').toUpperCase().toLowerCase();
}

/** FNV-1a of the code units, eight hexadecimal digits: it tells names apart, it hides nothing. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
