import { pathText } from '../../model/schedule.ts';
import { fieldLines } from '../diff/field-lines.ts';
import type {
  KeptEntry,
  KeptReason,
  PullDocument,
  PulledFileEntry,
  SkippedEntry,
} from '../documents/generated/documents.ts';
import { terminalText } from './escape.ts';
import { many } from './phrases.ts';
import type { Style } from './style.ts';
import { wrap } from './wrap.ts';

const inner = '    ';
const deeper = '      ';

/** The blocks of a pull as text: each file, what stays as it is and why, what is left to do, the sums. */
export function pullBlocks(document: PullDocument, style: Style): readonly (readonly string[])[] {
  const { files, kept, skipped, missing, secrets, check, counts } = document;
  const { colors, width } = style;
  // A file says nothing of any server.
  const there = document.from.kind === 'file' ? `in ${terminalText(document.from.file)}` : 'on the server';
  const head = (sign: string, name: string, behind: string): string =>
    `${sign} ${colors.bold(terminalText(name))}${behind === '' ? '' : `  ${colors.dim(`(${terminalText(behind)})`)}`}`;

  const fileBlocks = (file: PulledFileEntry): readonly (readonly string[])[] => {
    const blocks = file.schedules.map(({ name, fields }) => [
      head(file.kind === 'create' ? colors.green('+ create') : colors.yellow('~ edit'), name, file.path),
      ...fieldLines(fields, 'both', style),
    ]);
    const below = [
      ...(file.why === undefined ? [] : [colors.red(`${inner}not written: ${terminalText(file.why)}`)]),
      ...(file.lostComments ?? []).flatMap(({ line, text }) =>
        wrap(terminalText(`comment removed from line ${line}: ${text}`), width, inner),
      ),
      ...(check ? diffLines(file, style) : []),
    ];
    // The difference is of the whole file: it is below the last of its schedules.
    return [...blocks.slice(0, -1), [...(blocks.at(-1) ?? []), ...below]];
  };
  const created = files.filter(({ kind }) => kind === 'create').flatMap(fileBlocks);
  const keptBlock = (entries: readonly KeptEntry[]): readonly string[] => [
    ...entries.slice(0, 1).map(({ name, file }) => head(colors.cyan('= keep'), name, file)),
    ...entries.flatMap((entry, index) => [
      ...fieldLines([entry.field], 'both', style),
      // What several fields in a row have in common is said once.
      ...(entries[index + 1] !== undefined &&
      keptWords(entries[index + 1] as KeptEntry, there) === keptWords(entry, there)
        ? []
        : wrap(terminalText(keptWords(entry, there)), width, deeper)),
      ...entry.problems.flatMap(({ message }) => wrap(terminalText(message), width, deeper)),
    ]),
  ];
  const skippedBlock = (entry: SkippedEntry): readonly string[] => [
    head(colors.cyan('= skip'), entry.name, ''),
    ...skippedWords(entry, there).flatMap((line) => wrap(terminalText(line), width, inner)),
  ];
  const note = (words: string): readonly string[] => wrap(terminalText(words), width, '');

  return [
    ...files.filter(({ kind }) => kind === 'edit').flatMap(fileBlocks),
    // Hundreds of new files are a list; only what a check shows below each makes them blocks.
    ...(check ? created : [created.flat()]),
    ...[...new Set(kept.map(({ name }) => name))].map((name) =>
      keptBlock(kept.filter((entry) => entry.name === name)),
    ),
    ...skipped.map(skippedBlock),
    unlessEmpty(missing, () => [
      ...missing.map(({ name, origin }) => head(colors.red('- missing'), name, origin.file)),
      `${inner}not on the server: apply, or delete the manifest`,
    ]),
    unlessEmpty(secrets, () => [
      colors.bold(`Define these as environment variables; their values are ${there}:`),
      ...secrets.map(
        ({ name, schedule, path }) =>
          `${inner}${terminalText(name)}  ${colors.dim(terminalText(`${schedule}: ${pathText(path)}`))}`,
      ),
    ]),
    unlessEmpty(document.unknownSecrets, (names) =>
      note(`not compared, as these secrets are not defined here: ${names.join(', ')}`),
    ),
    document.unknownFields.flatMap(({ name, fields }) =>
      note(`${name}: left out, as no manifest has such a field: ${fields.join(', ')}`),
    ),
    unlessEmpty(document.paused, (names) =>
      note(`paused, and enforced by the new manifest from now on: ${names.join(', ')}`),
    ),
    ...adoptionTexts(document).map(note),
    [
      sum(document, style),
      ...(counts.unmanaged > 0
        ? [
            colors.dim(
              `${many(counts.unmanaged, 'schedule')} without a manifest: --unmanaged writes one for each.`,
            ),
          ]
        : []),
    ],
  ];
}

/** What the next plan makes of schedules without a marker: it adopts only what equals its manifest. */
function adoptionTexts({ unmarked, kept, secrets }: PullDocument): readonly string[] {
  const differing = new Set(kept.map(({ name }) => name));
  const hidden = new Set(secrets.map(({ schedule }) => schedule));
  const count = (wanted: (name: string) => boolean, words: (them: string) => string): readonly string[] => {
    const { length } = unmarked.filter(wanted);
    return length === 0
      ? []
      : [`${many(length, 'schedule')} without your marker: ${words(length === 1 ? 'it' : 'them')}`];
  };
  return [
    ...count(
      (name) => !differing.has(name) && !hidden.has(name),
      (them) => `the next plan adopts ${them}`,
    ),
    ...count(
      (name) => !differing.has(name) && hidden.has(name),
      (them) =>
        `the next plan adopts ${them} once the new secrets are defined, and refuses ${them} until then`,
    ),
    ...count(
      (name) => differing.has(name),
      (them) => `a plan adopts ${them} only with --adopt, because of the differences above`,
    ),
  ];
}

function unlessEmpty<T>(
  list: readonly T[],
  lines: (list: readonly T[]) => readonly string[],
): readonly string[] {
  return list.length === 0 ? [] : lines(list);
}

function sum({ counts, check }: PullDocument, { colors }: Style): string {
  const rest = [
    [counts.failed, `${counts.failed} not written`],
    [counts.kept, `${many(counts.kept, 'difference')} kept`],
    [counts.skipped, `${many(counts.skipped, 'schedule')} skipped`],
    [counts.missing, `${counts.missing} missing on the server`],
  ].flatMap(([number, words]) => (number === 0 ? [] : [String(words)]));
  const tail = rest.length === 0 ? '' : `; ${rest.join(', ')}`;
  if (counts.created + counts.edited + counts.failed === 0)
    return colors.green(`Nothing to pull${tail}; ${counts.unchanged} unchanged.`);
  const what = `${many(counts.created, 'file')} created, ${counts.edited} edited`;
  return colors.bold(`${check ? 'Would pull' : 'Pulled'}: ${what}${tail}; ${counts.unchanged} unchanged.`);
}

function diffLines({ diff, path }: PulledFileEntry, { colors }: Style): readonly string[] {
  if (diff === undefined)
    return [`${inner}the two differ in too many lines to be shown: ${terminalText(path)}`];
  return diff.split('\n').map((line) => {
    const text = terminalText(line.replace(/\r$/, ''));
    if (/^(?:---|\+\+\+) /.test(line)) return colors.bold(text);
    if (line.startsWith('@@')) return colors.cyan(text);
    return line.startsWith('+') ? colors.green(text) : line.startsWith('-') ? colors.red(text) : text;
  });
}

function keptWords({ reason, at, file }: KeptEntry, there: string): string {
  const place =
    at === undefined ? file : [at.file, at.line, at.column].filter((part) => part !== undefined).join(':');
  const words: { readonly [R in KeptReason]: string } = {
    variable: `comes from a variable: change it at ${place}`,
    overlay: `comes from the overlay: change it at ${place}`,
    environment: `comes from the environment: change it at ${place}`,
    default: `is a default of the configuration: change it at ${place}, or write it in the manifest`,
    secret: 'comes from a secret: define its new value where the secret is kept',
    credential: 'looks like a credential, and a secret cannot be referenced here: move it into the input',
    alias: 'comes from an alias or a merge (`*` or `<<`): change what that refers to',
    anchor: 'an alias refers to this, so that others would change too: change it manually',
    layout: 'is written in a way that an edit of its lines would break: change it manually',
    invalid: `a manifest cannot hold what is ${there}:`,
    calendar: `the manifest leaves out days of calendars, and the crons ${there} do not tell which: change it manually, or apply it`,
    unverified: `the edited file would not match what is ${there}: change it manually`,
  };
  return words[reason];
}

function skippedWords(entry: SkippedEntry, there: string): readonly string[] {
  switch (entry.reason) {
    case 'foreign-owner':
      return [`it carries the marker of ${entry.owner} (needs --take-over ${entry.owner})`];
    case 'credential':
      return [
        `its inline workflow contains what looks like a credential, which would end up in Git: ${entry.paths.map(pathText).join(', ')}`,
      ];
    case 'invalid':
      return [`a manifest cannot hold what is ${there}:`, ...entry.problems.map(({ message }) => message)];
  }
}
