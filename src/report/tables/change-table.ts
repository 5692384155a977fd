import { isRefused } from '../../model/plan.ts';
import type { ChangeEntry, DriftClass, DriftEntry } from '../documents/generated/documents.ts';
import { terminalText } from '../text/escape.ts';
import { isPauseField } from '../text/phrases.ts';
import type { Colors, Style } from '../text/style.ts';
import { columns } from '../text/wrap.ts';
import { changeGist, driftGist } from './gist.ts';

const mostInFull = 50;

/** Whether so many changes are a table: of it, only the words for their crons are read of their fires. */
export function isTable(count: number, details = false): boolean {
  return !details && count > mostInFull;
}

const widestName = 44;

type Line = {
  readonly word: string;
  readonly paint: (text: string) => string;
  readonly name: string;
  readonly gist: readonly string[];
};

/** What a change is to a reader: the word for it, and how soon it should be seen. */
const ranks = [
  'delete',
  'resume',
  'pause',
  'refused',
  'rename',
  'adopt',
  'update',
  'create',
  'horizon',
  'left',
] as const;
type Rank = (typeof ranks)[number];

/** A change with a pause or resume is that first. */
export function rankOf(change: ChangeEntry): Rank {
  const { kind, pause } = change;
  if (kind === 'delete') return kind;
  if (pause !== undefined && pause.action !== 'stays') return pause.action;
  if (kind === 'leave') return isRefused(change) ? 'refused' : 'left';
  return kind;
}

/** A line for each change, what is dangerous first. */
export function changeTable(changes: readonly ChangeEntry[], style: Style): readonly string[] {
  const { colors } = style;
  const lines = ranks.flatMap((rank) =>
    changes
      .filter((change) => rankOf(change) === rank)
      .map((change) => ({
        word: `${signs[rank]} ${wordOf(change, rank)}`,
        paint: paints(colors)[rank],
        name: change.name,
        gist: changeGist(change, terminalText),
      })),
  );
  return [
    ...tableOf(lines, style),
    '',
    colors.dim(
      'The dangerous ones first, one line each; --details shows all of it, in the order in which it runs.',
    ),
  ];
}

/** The same for drift. */
export function driftTable(entries: readonly DriftEntry[], style: Style): readonly string[] {
  const { colors } = style;
  const order: readonly DriftClass[] = ['overdue', 'missing', 'changed', 'paused', 'renamed', 'orphan'];
  const lines = order.flatMap((one) =>
    entries
      .filter((entry) => entry.class === one)
      .map((entry) => ({
        word: one,
        paint:
          one === 'overdue' || one === 'missing'
            ? colors.red
            : one === 'paused'
              ? colors.magenta
              : colors.yellow,
        name: entry.name,
        gist: driftGist(entry, terminalText),
      })),
  );
  return [...tableOf(lines, style), '', colors.dim('One line each; --details shows all of it.')];
}

const signs: { readonly [R in Rank]: string } = {
  delete: '-',
  resume: '!',
  pause: '!',
  refused: '=',
  rename: '>',
  adopt: '~',
  update: '~',
  create: '+',
  horizon: '~',
  left: '=',
};

function wordOf({ kind, fields }: ChangeEntry, rank: Rank): string {
  if (rank === 'left') return kind;
  if (rank === 'refused') return rank;
  const isMore = rank !== kind && (kind !== 'update' || fields.some(({ path }) => !isPauseField(path)));
  return isMore ? `${rank}, ${kind}` : rank;
}

function paints(colors: Colors): { readonly [R in Rank]: (text: string) => string } {
  return {
    delete: colors.red,
    resume: colors.magenta,
    pause: colors.magenta,
    refused: colors.red,
    rename: colors.yellow,
    adopt: colors.yellow,
    update: colors.yellow,
    create: colors.green,
    horizon: colors.dim,
    left: colors.dim,
  };
}

function tableOf(lines: readonly Line[], { width, colors }: Style): readonly string[] {
  const named = lines.map((line) => ({ ...line, name: terminalText(line.name) }));
  const words = Math.max(0, ...named.map(({ word }) => columns(word)));
  const names = Math.min(widestName, Math.max(0, ...named.map(({ name }) => columns(name))));
  const padded = (text: string, to: number): string => text + ' '.repeat(Math.max(0, to - columns(text)));
  return named.map(({ word, paint, name, gist }) => {
    const start = words + 2 + Math.max(names, columns(name)) + 2;
    const what = fitted(gist, width - start);
    return `${paint(padded(word, words))}  ${what === '' ? colors.bold(name) : `${colors.bold(padded(name, names))}  ${what}`}`;
  });
}

/** As many pieces as there is room for, at least one, and how many more there are. */
function fitted(pieces: readonly string[], room: number): string {
  let text = '';
  for (const [index, piece] of pieces.entries()) {
    const next = index === 0 ? piece : `${text}, ${piece}`;
    const rest = pieces.length - index - 1;
    const more = rest === 0 ? '' : ` and ${rest} more`;
    if (index > 0 && columns(next) + columns(more) > room) return `${text} and ${pieces.length - index} more`;
    text = next;
  }
  return text;
}
