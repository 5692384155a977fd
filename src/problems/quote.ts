import { isCredentialText } from '../model/hiding/credential.ts';

/** Pieces of sentences about what is in manifests and on servers. Not escaped. */

/** In double quotes as JSON and YAML have them; a long text is cut, and one that is a credential is not shown. */
export function quoted(text: string): string {
  if (isCredentialText(text)) return '(sensitive)';
  const characters = [...text];
  return JSON.stringify(characters.length > 100 ? `${characters.slice(0, 100).join('')}…` : text);
}

/** Texts in quotes, the first ten of them. */
export function list(names: readonly string[]): string {
  const shown = names.slice(0, 10).map(quoted).join(', ');
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}

/** Asks for the nearest right name, where there is one. */
export function didYouMean(nearest: string | undefined): string | undefined {
  return nearest === undefined ? undefined : `did you mean ${quoted(nearest)}?`;
}

/** Said where a configuration may be what is missing. */
export const noConfiguration =
  'no downbeat.yaml found here or in a folder above, up to the top of the Git checkout';
