import { isNumber, type Json } from '../json.ts';

/** What a key says of the values at and below it: only a password may be a number. */
export type KeyKind = 'none' | 'credential' | 'password';

const passwords = new Set(
  'password passwords passwd passwort kennwort pwd passphrase passphrases passcode pin contrasena contraseña senha'.split(
    ' ',
  ),
);
const credentials = new Set(
  'pass secret secrets token tokens credential credentials creds auth authorization authorisation jwt bearer cookie cookies otp psk apikey apikeys dsnpassword connectionstring'.split(
    ' ',
  ),
);
/** `apiKey` is a credential, `sortKey` is none: the word before decides. */
const keyOwners = new Set(
  'api access secret private signing sign encryption decryption encrypt crypto cipher shared account ssh master auth hmac license licence subscription deploy service storage session webhook app application client server admin root bot sas gpg pgp rsa aes tls ssl preshared pre'.split(
    ' ',
  ),
);
/** Words before `token`, `secret` and `pass` that make it something else. */
const harmlessBefore: { readonly [word: string]: ReadonlySet<string> } = {
  token: new Set(
    'max min num first last number count total limit prompt completion input output new used remaining page next prev previous continuation continue cursor sync resume start stop end eos bos pad unk sep cls mask special idempotency request cancellation'.split(
      ' ',
    ),
  ),
  secret: new Set('pull tls'.split(' ')),
  pass: new Set(
    'boarding season ski day first second third single multi two one by low high band render hall final dry all last'.split(
      ' ',
    ),
  ),
};
/** Words at the end that say which one it is, or how it is written. */
const trailing = new Set(
  'value text plain plaintext raw json encoded base base64 b64 old new current previous prod production staging dev test confirm confirmation'.split(
    ' ',
  ),
);
/** Words at the beginning of what is a yes or no: `hasPassword`. */
const flags = new Set(
  'is has use uses need needs require requires allow enable disable show hide force should can skip include validate'.split(
    ' ',
  ),
);
/** In one word of small letters: `dbpassword`, `authtoken`, `secretkey`. */
const runTogether =
  /^(?<before>[a-z]*?)(?:(?<password>password|passwort|passwd|passphrase|passcode)|(?<=^(?:db|my|sql|mysql|user|usr|smtp|ftp|sftp|mail|root|admin|login|ldap|http|proxy|bind))(?:pass|pwd)|(?<word>token|secret)s?|credentials?|(?<=^(?:basic|http|proxy|npm|user))auth|(?<owner>api|secret|private|access|signing|encryption|master|auth|shared)keys?)$/;

const kinds = new Map<string, KeyKind>();
const mostKinds = 20_000;

/**
 * Judges a key by its last word, in any case and with any separators: `dbPass`, `client_secret`, `X-API-Key`, and not
 * `secretName`, `passwordPolicy`, `maxTokens`, `nextPageToken`.
 */
export function keyKind(key: string): KeyKind {
  const known = kinds.get(key);
  if (known !== undefined) return known;
  const kind = judge(key);
  if (kinds.size >= mostKinds) kinds.clear();
  kinds.set(key, kind);
  return kind;
}

function judge(key: string): KeyKind {
  const words = wordsOf(key.slice(-200));
  while (words.length > 1 && isTrailing(words.at(-1) ?? '')) words.pop();
  if (words.length > 1 && flags.has(words[0] ?? '')) return 'none';
  const last = words.at(-1) ?? '';
  const before = words.at(-2) ?? '';
  if (passwords.has(last)) return 'password';
  if (last === 'key' || last === 'keys') return keyOwners.has(before) ? 'credential' : 'none';
  if (last === 'string' && before === 'connection') return 'credential';
  if (credentials.has(last)) {
    const singular = last.replace(/s$/, '');
    const qualifiers = harmlessBefore[last === 'pass' ? 'pass' : singular];
    const isCounted = last === 'tokens' && /^per$/.test(words.at(-2) ?? '');
    return qualifiers?.has(before) || isCounted ? 'none' : 'credential';
  }
  const { groups } = runTogether.exec(last) ?? {};
  if (groups === undefined) return 'none';
  if (groups.password !== undefined) return 'password';
  const { word, before: stem = '' } = groups;
  const isHarmless =
    word !== undefined && [...(harmlessBefore[word] ?? [])].some((one) => stem.endsWith(one));
  return isHarmless ? 'none' : 'credential';
}

function isTrailing(word: string): boolean {
  return /^v?\d+$/.test(word) || trailing.has(word);
}

/** `x-apiKeyV2` → x, api, key, v2. */
function wordsOf(key: string): string[] {
  return key
    .normalize('NFC')
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/(\p{Ll}{2})(\d+)$/u, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** Forms that providers gave their credentials, so that they are found. */
const providers = [
  String.raw`(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b`,
  String.raw`gh[pousr]_[A-Za-z0-9]{36}`,
  String.raw`github_pat_[A-Za-z0-9_]{22}`,
  String.raw`gl(?:pat|ptt|dt|rt|cbt|ft|soat|agent|imt)-[\w-]{20}`,
  String.raw`xox[abeoprs]-[A-Za-z0-9-]{20}`,
  String.raw`xapp-\d-[A-Za-z0-9-]{20}`,
  String.raw`[sr]k_(?:live|test)_[A-Za-z0-9]{16}`,
  String.raw`whsec_[A-Za-z0-9+/]{24}`,
  String.raw`AIza[\w-]{35}`,
  String.raw`ya29\.[\w-]{30}`,
  String.raw`GOCSPX-[\w-]{28}`,
  String.raw`SG\.[\w-]{16,32}\.[\w-]{16}`,
  String.raw`SK[0-9a-f]{32}\b`,
  String.raw`npm_[A-Za-z0-9]{36}`,
  String.raw`pypi-AgE[\w-]{50}`,
  String.raw`dckr_(?:pat|oat)_[\w-]{20}`,
  String.raw`sk-(?:proj-|svcacct-|admin-|ant-|or-v1-|lf-)[\w-]{20}`,
  String.raw`sk-[A-Za-z0-9]{32}`,
  String.raw`hf_[A-Za-z0-9]{34}`,
  String.raw`do[opr]_v1_[0-9a-f]{64}`,
  String.raw`shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}`,
  String.raw`hv[sbr]\.[\w-]{24}`,
  String.raw`dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[\w-]{2,35}\.)?[A-Za-z0-9]{40}`,
  String.raw`dapi[0-9a-f]{32}`,
  String.raw`lin_(?:api|oauth)_[A-Za-z0-9]{32}`,
  String.raw`ntn_[A-Za-z0-9]{40}`,
  String.raw`PMAK-[0-9a-f]{24}-[0-9a-f]{34}`,
  String.raw`key-[0-9a-f]{32}\b`,
  String.raw`[0-9a-f]{32}-us\d{1,2}\b`,
  String.raw`sq0(?:atp|csp)-[\w-]{22}`,
  String.raw`\d{8,10}:AA[\w-]{32}`,
  String.raw`ATATT3[\w-]{40}`,
  String.raw`gl(?:c|sa)_[\w+/=-]{32}`,
  String.raw`NRAK-[A-Z0-9]{27}`,
  String.raw`pscale_(?:pw|tkn|oauth)_[\w.-]{32}`,
  String.raw`sntry[su]_[\w=+/-]{40}`,
  String.raw`LTAI[A-Za-z0-9]{16,24}\b`,
  String.raw`[\w~.-]{3}\dQ~[\w~.-]{31}`,
  String.raw`sbp_[0-9a-f]{40}`,
  String.raw`pul-[0-9a-f]{40}`,
  String.raw`rubygems_[0-9a-f]{48}`,
  String.raw`pat[A-Za-z0-9]{14}\.[0-9a-f]{64}`,
  String.raw`gsk_[A-Za-z0-9]{40}`,
  String.raw`AGE-SECRET-KEY-1[A-Z0-9]{50}`,
  String.raw`eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.`,
];
const providerForm = new RegExp(`(?<![A-Za-z0-9])(?:${providers.join('|')})`);

/** No provider's form is shorter. */
const longWord = /[\w.~+/=-]{20}/;

const pem = /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-\d:/;
const encodedPem = /(?<![A-Za-z0-9+/])LS0tLS1CRUdJTi[A-Za-z0-9+/]{26}/;

/** Addresses that are all it takes to post, or to read. */
const telling =
  /hooks\.slack\.com\/(?:services|workflows|triggers)\/|discord(?:app)?\.com\/api\/webhooks\/\d|\.webhook\.office\.com\/|outlook\.office(?:365)?\.com\/webhook\/|hooks\.zapier\.com\/hooks\/catch\/|hook\.[a-z0-9.]{0,20}make\.com\/[a-z0-9]|maker\.ifttt\.com\/trigger\/[^\s/]{1,100}\/(?:json\/)?with\/key\/|api\.telegram\.org\/bot\d|open\.(?:feishu\.cn|larksuite\.com)\/open-apis\/bot\/v2\/hook\/|hc-ping\.com\/[0-9a-f]{8}|cronitor\.link\/p\/\w|\/api\/v1\/heartbeat\/\w{16}/i;

/** What is put where a value belongs: a reference, a placeholder, a word. */
const placeholder =
  /^(?:["']?[$%<{?:*]|\\?\$|x{3,}|\*|\.{3}|(?:true|false|null|none|undefined|required|optional|empty|redacted|masked|hidden|changeme\?)(?![\w-])|\d{1,2}(?!\w))/i;

const urlPassword = /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/?#@:[\]"'<>]{0,200}:(?<value>[^\s"'<>@]{1,300})@[\w[]/gi;
const userPassword = /(?:^|\s)(?:-u|--user|--proxy-user)[ =]["']?[^\s:"']{1,100}:(?<value>[^\s"']{1,200})/g;
/** `name=value` of a URL, a connection string, a command line; `"name": "value"` of JSON in a text. */
const assigned =
  /(?<![\w.-])(?:--?)?(?<name>[A-Za-z][\w.-]{1,60}(?: [A-Za-z]+)?)=(?<value>["']?[^\s&;"',}]{1,400})/g;
const quoted =
  /(?<![\w.-])(?<open>\\?["']?)(?<name>[A-Za-z][\w.-]{1,60})\k<open>\s{0,5}:\s{0,5}\\?["'](?<value>[^"'\\]{1,400})/g;
/** `--password value`. */
const typed = /(?<![\w-])--(?<name>[a-z][\w-]{1,60}) {1,5}["']?(?<value>[^\s"'-][^\s"']{1,400})/gi;
const header =
  /(?:^|[\s"'])(?<name>(?:x-)?[\w-]{0,40}(?:token|api-?key|secret)): ?["']?(?<value>[\w.~+/=-]{8,400})(?=["'\s]|$)/gim;
/** Every such header has one; most texts with a colon are times. */
const headerName = /token|api-?key|secret/i;
const signature =
  /[?&](?:x-amz-signature|x-amz-security-token|x-goog-signature|signature|sig)=[\w%+/=~-]{16}|[?&](?:code|key)=(?=[\w%+/=~-]{0,200}\d)[\w%+/=~-]{32}/i;
const scheme =
  /(?:^|authorization["']?\s?[:=]\s?["']?)(?<scheme>bearer|basic|token|apikey|digest)\s+(?:token=)?["']?(?<value>[\w.~+/=-]{4,})["']?(?=$|["'\s,])/gim;
/** Every such authorization has one; most texts with a space are sentences. */
const schemeName = /bearer|basic|token|apikey|digest/i;

/** Whether a text is a credential by itself, or has one in it. References are none, whoever resolves them. */
export function isCredentialText(text: string): boolean {
  if (text.length < 8) return false;
  return (
    (longWord.test(text) && (providerForm.test(text) || isEncodedPem(text))) ||
    (text.includes('-') && pem.test(text)) ||
    (text.includes('://') && (telling.test(text) || hasValue(text, urlPassword, isPassword))) ||
    (text.includes('-u') && hasValue(text, userPassword, isPassword)) ||
    (text.includes('=') && (signature.test(text) || hasValue(text, assigned, isAssigned))) ||
    (/["']/.test(text) && hasValue(text, quoted, isQuoted)) ||
    (text.includes('--') && hasValue(text, typed, isAssigned)) ||
    (text.includes(':') &&
      headerName.test(text) &&
      hasValue(text, header, ({ value = '' }) => isTokenLike(value))) ||
    (text.includes(' ') && schemeName.test(text) && hasValue(text, scheme, isAuthorization))
  );
}

type Groups = { readonly [name: string]: string | undefined };

function hasValue(text: string, form: RegExp, fits: (groups: Groups) => boolean): boolean {
  for (const { groups = {} } of text.matchAll(form)) if (fits(groups)) return true;
  return false;
}

function isEncodedPem(text: string): boolean {
  const [found] = encodedPem.exec(text) ?? [];
  return found !== undefined && /PRIVATE/.test(decoded(found));
}

/** `host:8080/path@x` has a port there. */
function isPassword({ value = '' }: Groups): boolean {
  return !placeholder.test(value) && !/^\d*[/?#]/.test(value);
}

function isAssigned({ name = '', value = '' }: Groups): boolean {
  const kind = keyKind(name);
  if (kind === 'none' || placeholder.test(value.replace(/^["']/, ''))) return false;
  const plain = value.replace(/^["']/, '');
  return kind === 'password'
    ? plain.length >= 3 && !isTypeName(plain)
    : isTokenLike(plain) || /pass$/i.test(name);
}

/** Without quotes around the name, it may be a sentence. */
function isQuoted(groups: Groups): boolean {
  return isAssigned(groups) && (groups.open !== '' || !/\s/.test(groups.value ?? ''));
}

function isTypeName(value: string): boolean {
  return /^(?:string|text|password|secret)$/i.test(value);
}

function isAuthorization({ scheme: kind = '', value = '' }: Groups): boolean {
  if (kind.toLowerCase() === 'basic')
    return /^[A-Za-z0-9+/]{6,}={0,2}$/.test(value) && /^[\x20-\x7e]+:[\x20-\x7e]*$/.test(decoded(value));
  return isTokenLike(value);
}

/** More than a word of a language. */
function isTokenLike(value: string): boolean {
  return value.length >= 8 && (/\d/.test(value) || /[a-z][A-Z]/.test(value) || value.length >= 24);
}

function decoded(base64: string): string {
  try {
    return atob(base64.length % 4 === 1 ? base64.slice(0, -1) : base64);
  } catch {
    return '';
  }
}

const reference = /\$\{[^{}]*\}/g;
const schemeOnly = /^\s*(?:bearer|basic|token|apikey|digest)?\s*$/i;
/** Ways to authenticate, which keys such as `auth` have for a value. */
const methods =
  /^(?:none|basic|bearer|digest|oauth2?|oidc|saml|ntlm|kerberos|iam|mtls|anonymous|token|api[-_ ]?key)$/i;

/**
 * Whether a value is a credential, under a key of a kind: a text of any form under one that says so, a number or truth
 * value under a password's, and elsewhere a text that is one by itself. What the server resolves, `${workflow.secrets.x}`, is none.
 */
export function isCredential(value: Json | undefined, under: KeyKind): boolean {
  if (typeof value !== 'string')
    return under === 'password' && (typeof value === 'boolean' || isNumber(value));
  if (under === 'none') return isCredentialText(value);
  if (value === '' || (value.includes('${') && schemeOnly.test(value.replace(reference, '')))) return false;
  return under === 'password' || !methods.test(value);
}
