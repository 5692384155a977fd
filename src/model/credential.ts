const credentialWords =
  /passw(or)?d|passphrase|secret|token|apikey|authori[sz]ation|credential|privatekey|accesskey|signingkey|encryptionkey|bearer|connectionstring/;
const credentialNames = /^(auth|pass|pwd|cookie|jwt)$/;

/** True for `password`, `API_KEY`, `x-api-key`, `clientSecret` …: in any case, with any separators, within longer names. */
export function looksLikeCredential(key: string): boolean {
  const plain = key.toLowerCase().replace(/[^a-z0-9]/g, '');
  return credentialWords.test(plain) || credentialNames.test(plain);
}
