/**
 * FNV-1a with 64 bits over the UTF-16 code units of a text, in hexadecimal. It tells texts apart that were not chosen to
 * collide; it proves nothing about who wrote them.
 */
export function shortHash(text: string): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (let index = 0; index < text.length; index += 1) {
    low = (low ^ text.charCodeAt(index)) >>> 0;
    // Times the prime 2^40 + 0x1b3, in halves of 32 bits: every product stays below 2^53.
    const product = low * 0x1b3;
    high = (Math.imul(high, 0x1b3) + Math.floor(product / 0x1_0000_0000) + (low << 8)) >>> 0;
    low = product >>> 0;
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}
