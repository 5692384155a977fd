// It keeps the mark that a text may begin with.
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The text of some bytes; undefined when they are not UTF-8. Everything that is read from outside comes through here: a
 * character that only replaces another would be compared, planned and written as if it had been there.
 */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}
