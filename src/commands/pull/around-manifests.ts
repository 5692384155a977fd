import type { Config } from '../../model/config.ts';
import type { NewSecret } from '../../model/generated/report-parts.ts';
import { terminalText } from '../../report/text/escape.ts';
import type { Files } from '../../run/run.ts';
import { githubFiles } from '../init/starting-point.ts';

const schemaFile = '.downbeat/schedule.schema.json';

/** The schema as `init` writes it, beside the configuration, seen from the directory of manifests; undefined = it is not there. */
export function schemaFrom(
  { directory, file }: Pick<Config, 'directory' | 'file'>,
  files: Pick<Files, 'readFile'>,
): string | undefined {
  const base = file?.includes('/') === true ? file.slice(0, file.lastIndexOf('/') + 1) : '';
  const below = directory.replace(/\/+$/, '');
  if (!below.startsWith(base) || files.readFile(`${base}${schemaFile}`).kind !== 'read') return undefined;
  const parts = below
    .slice(base.length)
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  return parts.includes('..') ? undefined : `${'../'.repeat(parts.length)}${schemaFile}`;
}

/** The lines that workflows of `init` lack for new secrets, to be added by hand; empty = nothing is missing. */
export function secretLines(secrets: readonly NewSecret[], files: Pick<Files, 'readFile'>): string {
  const names = [...new Set(secrets.map(({ name }) => name))];
  const lacking = githubFiles.flatMap((path) => {
    const read = files.readFile(path);
    if (read.kind !== 'read') return [];
    const missing = names.filter((name) => !read.text.includes(`secrets.${name} `));
    return missing.length === 0 ? [] : [{ path, missing }];
  });
  const missing = names.filter((name) => lacking.some((one) => one.missing.includes(name)));
  if (missing.length === 0) return '';
  const where = lacking.map(({ path }) => path).join(' and ');
  const lines = missing.map((name) => `  ${terminalText(name)}: \${{ secrets.${terminalText(name)} }}\n`);
  return `Set the new secrets in the settings of the repository, and add to \`env\` in ${where}:\n${lines.join('')}`;
}
