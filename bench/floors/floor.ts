import { readdirSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';

/**
 * The least that a plan without changes can be: read the files, parse them, send one list request, compare, exit.
 * No validation, no normal form, no options. Called with the folder and the server's URL; answers like the CLI, so
 * that one check serves both: `No changes. …`, or the names of the schedules that differ. Without a URL it only reads
 * and parses.
 */
export function floor(parse: (text: string) => unknown): void {
  const [folder = '', server = ''] = process.argv.slice(2);
  const manifests = readdirSync(folder).map(
    (file) => parse(readFileSync(join(folder, file), 'utf8')) as { readonly name: string },
  );
  if (server === '') {
    process.stdout.write(`Read ${manifests.length}.\n`);
    return;
  }
  get(`${server}/scheduler/schedules`, { agent: false }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => {
      const list = JSON.parse(Buffer.concat(chunks).toString('utf8')) as readonly { readonly name: string }[];
      const observed = new Map(list.map((schedule) => [schedule.name, schedule]));
      const different = manifests.filter((manifest) => !holds(observed.get(manifest.name), manifest));
      process.stdout.write(
        different.length === 0
          ? `No changes. ${manifests.length} schedules.\n`
          : `Changed: ${different.map(({ name }) => name).join(', ')}\n`,
      );
    });
  });
}

/** Whether everything written is there; what a server adds does not count. */
function holds(there: unknown, written: unknown): boolean {
  if (typeof written !== 'object' || written === null) return there === written;
  if (typeof there !== 'object' || there === null) return false;
  const fields = there as { readonly [key: string]: unknown };
  return Object.entries(written).every(([key, value]) => holds(fields[key], value));
}
