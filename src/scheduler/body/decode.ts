/** The text of a request's body, or why there is none. */
export type Decoded =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: string };

// Spring hands bodies in these to Jackson as bytes (AbstractJackson2HttpMessageConverter), and Jackson finds out itself.
const unicode = new Set([
  ...['utf-8', 'us-ascii', 'utf-16', 'utf-16be', 'utf-16le', 'utf-32', 'utf-32be', 'utf-32le'],
  ...['utf8', 'ascii', 'utf16', 'utf32'],
]);

/** False for a charset that a Java server does not know. */
export function isCharset(name: string): boolean {
  return unicode.has(name.toLowerCase()) || decoderOf(name) !== undefined;
}

/** Decodes as Spring 6.2 with Jackson 2.18 does; `charset` is that of the content type, absent = none was given. */
export function decode(bytes: Uint8Array, charset: string | undefined): Decoded {
  const decoder =
    charset === undefined || unicode.has(charset.toLowerCase()) ? undefined : decoderOf(charset);
  return decoder === undefined ? decodeUnicode(bytes) : { ok: true, text: decoder(bytes) };
}

function decoderOf(charset: string): ((bytes: Uint8Array) => string) | undefined {
  // What Node calls by this name is windows-1252.
  if (/^(?:iso-?8859-?1|latin-?1|l1)$/i.test(charset))
    return (bytes) => Buffer.from(bytes).toString('latin1');
  try {
    const decoder = new TextDecoder(charset);
    if (decoder.encoding !== 'windows-1252') return (bytes) => decoder.decode(bytes);
    // Node 20 takes it for ISO-8859-1, and Java knows five of its bytes as no characters.
    return (bytes) =>
      Buffer.from(bytes)
        .toString('latin1')
        .replace(/[\x80-\x9f]/g, (letter) => windowsLetters[letter.charCodeAt(0) - 0x80] ?? letter);
  } catch {
    return undefined;
  }
}

// The letters from 0x80 to 0x9f.
const windowsLetters = '€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ';

const strict = new TextDecoder('utf-8', { fatal: true });

/** As ByteSourceJsonBootstrapper of Jackson tells the encodings: by a byte order mark, else by where the zeros are. */
function decodeUnicode(bytes: Uint8Array): Decoded {
  const [a = -1, b = -1, c = -1, d = -1] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return decodeUtf8(bytes.subarray(3));
  if (d >= 0) {
    if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return decodeUtf32(bytes.subarray(4), false);
    if (a === 0xff && b === 0xfe && c === 0 && d === 0) return decodeUtf32(bytes.subarray(4), true);
  }
  if (a === 0xfe && b === 0xff) return decodeUtf16(bytes.subarray(2), 'utf-16be');
  if (a === 0xff && b === 0xfe) return decodeUtf16(bytes.subarray(2), 'utf-16le');
  if (d >= 0) {
    if (a === 0 && b === 0 && c === 0) return decodeUtf32(bytes, false);
    if (b === 0 && c === 0 && d === 0) return decodeUtf32(bytes, true);
    if (a === 0 && c === 0 && d === 0)
      return { ok: false, why: 'Unsupported UCS-4 endianness (3412) detected' };
    if (a === 0 && b === 0 && d === 0)
      return { ok: false, why: 'Unsupported UCS-4 endianness (2143) detected' };
  }
  if (b >= 0) {
    if (a === 0) return decodeUtf16(bytes, 'utf-16be');
    if (b === 0) return decodeUtf16(bytes, 'utf-16le');
  }
  return decodeUtf8(bytes);
}

function decodeUtf8(bytes: Uint8Array): Decoded {
  try {
    // A second byte order mark is a character.
    const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    return { ok: true, text: `${marked ? '\ufeff' : ''}${strict.decode(bytes)}` };
  } catch {
    return decodeUtf8ByHand(bytes);
  }
}

/**
 * Jackson's own UTF-8 takes surrogates and overlong forms, and it reads no further than it must: the text ends where
 * the bytes are wrong, with a character that no value has.
 */
function decodeUtf8ByHand(bytes: Uint8Array): Decoded {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] as number;
    const more = first < 0x80 ? 0 : (first & 0xe0) === 0xc0 ? 1 : (first & 0xf0) === 0xe0 ? 2 : 3;
    const isStart = first < 0x80 || (first >= 0xc0 && first < 0xf8);
    const rest = [...bytes.subarray(at + 1, at + 1 + more)];
    if (!isStart || rest.length < more || rest.some((byte) => (byte & 0xc0) !== 0x80)) {
      return { ok: true, text: text + notUtf8 };
    }
    const code = rest.reduce(
      (value, byte) => (value << 6) | (byte & 0x3f),
      more === 0 ? first : first & (0x3f >> more),
    );
    text += code < 0x10000 ? String.fromCharCode(code) : surrogates(code - 0x10000);
    at += 1 + more;
  }
  return { ok: true, text };
}

/** Replaces bytes that are not UTF-8: a control character, which no JSON text can have. */
const notUtf8 = '\u0001';

function surrogates(offset: number): string {
  return String.fromCharCode(0xd800 + (offset >> 10), 0xdc00 + (offset & 0x3ff));
}

function decodeUtf16(bytes: Uint8Array, charset: 'utf-16be' | 'utf-16le'): Decoded {
  return { ok: true, text: new TextDecoder(charset, { ignoreBOM: true }).decode(bytes) };
}

function decodeUtf32(bytes: Uint8Array, isLittle: boolean): Decoded {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = '';
  for (let at = 0; at < bytes.length; at += 4) {
    if (at + 4 > bytes.length)
      return { ok: false, why: 'Unexpected EOF in the middle of a 4-byte UTF-32 char' };
    const code = view.getUint32(at, isLittle);
    if (code > 0x10ffff) return { ok: false, why: `Invalid UTF-32 character 0x${code.toString(16)}` };
    text += code < 0x10000 ? String.fromCharCode(code) : surrogates(code - 0x10000);
  }
  return { ok: true, text };
}
