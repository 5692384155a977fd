import type { Io } from '../io/io.ts';
import type { Masker } from '../masking/masker.ts';

const variables: readonly string[] = [
  ...['CONDUCTOR_AUTH_KEY', 'CONDUCTOR_AUTH_SECRET', 'CONDUCTOR_AUTH_TOKEN', 'DOWNBEAT_DIGEST_KEY'],
  // The Action's input; the runner keeps the hyphen.
  ...['INPUT_GITHUB-TOKEN', 'GITHUB_TOKEN', 'ACTIONS_RUNTIME_TOKEN', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'],
];
const addresses: readonly string[] = [
  ...['CONDUCTOR_SERVER_URL', 'HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'],
];

/**
 * What the environment and the command line have of credentials, before anything is read or said: also of a command
 * line that turns out to be wrong.
 */
export function learnCredentials(masker: Masker, argv: readonly string[], env: Io['env']): void {
  for (const name of variables) masker.learn(env[name]?.trim() ?? '');
  for (const name of addresses) learnAddress(masker, env[name] ?? '');
  for (const line of env.DOWNBEAT_HEADERS?.split(/[\r\n]+/) ?? []) learnTypedHeader(masker, line);
  for (const [index, word] of argv.entries()) {
    const [, flag = '', joined] = /^--(header|server|key)(?:=(.*))?$/s.exec(word) ?? [];
    const value = joined ?? argv[index + 1] ?? '';
    if (flag === 'header') learnTypedHeader(masker, value);
    if (flag === 'server') learnAddress(masker, value);
    if (flag === 'key') masker.learn(value.slice(value.indexOf(':') + 1));
  }
}

/** What is not a header may be a credential that was typed in the wrong place. */
function learnTypedHeader(masker: Masker, text: string): void {
  const [, name, value = ''] = /^([^\s:]+):\s*(.*)$/s.exec(text) ?? [];
  if (name === undefined) masker.learnHeader('authorization', text);
  else masker.learnHeader(name, value);
}

/** User and password of a URL, as they are written there and as they are meant. */
function learnAddress(masker: Masker, text: string): void {
  const [, user = '', password = ''] =
    /^[a-z][a-z0-9+.-]*:\/\/([^/:@]*)(?::([^/]*))?@/i.exec(text.trim()) ?? [];
  const secret = password === '' ? user : password;
  masker.learn(secret);
  try {
    masker.learn(decodeURIComponent(secret));
  } catch {
    // Then it is meant as it is written.
  }
}
