import { generateKeyPairSync, sign } from 'node:crypto';

/** A certificate and its key, both PEM, as Node's TLS takes them. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/**
 * A certificate that vouches for itself, for 127.0.0.1 and these names. Node can sign and cannot write X.509 (RFC
 * 5280), and which programs are installed is not known, so its few fields are written here.
 */
export function selfSigned(names: readonly string[], validFrom: Date, validTo: Date): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = sequence(hex('06082a8648ce3d040302'));
  const issuer = sequence(value(0x31, sequence(hex('0603550403'), value(0x0c, Buffer.from('test')))));
  const validity = sequence(...[validFrom, validTo].map((moment) => value(0x17, utcTime(moment))));
  const alternatives = sequence(
    value(0x87, Buffer.from([127, 0, 0, 1])),
    ...names.map((name) => value(0x82, Buffer.from(name))),
  );
  const extensions = sequence(
    // It is its own authority (basicConstraints, critical).
    sequence(hex('0603551d13'), hex('0101ff'), value(0x04, sequence(hex('0101ff')))),
    sequence(hex('0603551d11'), value(0x04, alternatives)),
  );
  const facts = sequence(
    value(0xa0, hex('020102')),
    hex('020101'),
    ecdsaWithSha256,
    issuer,
    validity,
    issuer,
    publicKey.export({ type: 'spki', format: 'der' }),
    value(0xa3, extensions),
  );
  const signature = value(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', facts, privateKey)]));
  const certificate = sequence(facts, ecdsaWithSha256, signature);
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** One DER value: tag, length, contents. */
function value(tag: number, ...contents: readonly Buffer[]): Buffer {
  const all = Buffer.concat(contents);
  const { length } = all;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), all]);
}

function sequence(...contents: readonly Buffer[]): Buffer {
  return value(0x30, ...contents);
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex');
}

/** `YYMMDDhhmmssZ`. */
function utcTime(moment: Date): Buffer {
  return Buffer.from(
    `${moment
      .toISOString()
      .replace(/[-:T]|\.\d+/g, '')
      .slice(2)}`,
  );
}
