import { isCharset } from './decode.ts';

/** A content type as Spring 6.2 takes it; `status` is that of its refusal. */
export type MediaType =
  | {
      readonly ok: true;
      readonly type: string;
      readonly subtype: string;
      readonly charset?: string;
      /** As Spring writes it, with the charset that it assumes. */
      readonly written: string;
    }
  | { readonly ok: false; readonly status: 400 | 500; readonly why: string };

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]*$/;

/** Parses a content type that is not empty, with the messages of MimeTypeUtils and MediaType. */
export function parseMediaType(header: string): MediaType {
  const invalid = (why: string): MediaType => ({
    ok: false,
    status: 500,
    why: `Invalid mime type "${header}": ${why}`,
  });
  const [first = '', ...parts] = splitOutsideQuotes(header);
  const full = first.trim() === '*' ? '*/*' : first.trim();
  if (full === '') return invalid("'mimeType' must not be empty");
  const slash = full.indexOf('/');
  if (slash < 0) return invalid("does not contain '/'");
  if (slash === full.length - 1) return invalid("does not contain subtype after '/'");
  const type = full.slice(0, slash).toLowerCase();
  const subtype = full.slice(slash + 1).toLowerCase();
  if (type === '*' && subtype !== '*')
    return invalid("wildcard type is legal only in '*/*' (all mime types)");
  if (type === '') return invalid("'type' must not be empty");
  if (!token.test(type) || !token.test(subtype)) return invalid('Invalid token character');
  const parameters = new Map<string, string>();
  for (const part of parts.map((text) => text.trim())) {
    const equals = part.indexOf('=');
    if (equals >= 0) parameters.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  for (const [attribute, value] of parameters) {
    const name = attribute.toLowerCase();
    if (name === '' || value === '') return invalid("'attribute' and 'value' must not be empty");
    if (!token.test(name)) return invalid('Invalid token character');
    const isQuoted = /^"(?:.*)"$|^'(?:.*)'$/s.test(value);
    const plain = isQuoted ? value.slice(1, -1) : value;
    if (name === 'charset' && !isCharset(plain)) return invalid(`unsupported charset '${plain}'`);
    if (name === 'q' && !isQuality(plain)) return invalid(`Invalid quality value "${plain}"`);
    if (!isQuoted && !token.test(value)) return invalid('Invalid token character');
  }
  if (type === '*') return { ok: false, status: 400, why: "Content-Type cannot contain wildcard type '*'" };
  if (subtype === '*' || subtype.startsWith('*+'))
    return { ok: false, status: 400, why: "Content-Type cannot contain wildcard subtype '*'" };
  const charset = [...parameters]
    .find(([name]) => name.toLowerCase() === 'charset')?.[1]
    .replace(/^["']|["']$/g, '');
  const all = [...parameters, ...(charset === undefined ? [['charset', 'UTF-8']] : [])];
  const written = `${type}/${subtype}${all.map(([name, value]) => `;${name}=${value}`).join('')}`;
  return { ok: true, type, subtype, written, ...(charset === undefined ? {} : { charset }) };
}

function splitOutsideQuotes(text: string): readonly string[] {
  return text.match(/(?:[^;"]|"[^"]*"?)+|(?<=;)(?=;)/g) ?? [];
}

function isQuality(text: string): boolean {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return value >= 0 && value <= 1;
}
