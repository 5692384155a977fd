import type { RunEntry } from '../../model/generated/report-parts.ts';
import { heading } from './entries.ts';
import type {
  BasePlanDocument,
  CommandDocument,
  DriftDocument,
  FailureDocument,
  HistoryDocument,
  PlanDocument,
  PullDocument,
  ResultDocument,
  SettingsDocument,
  ShowDocument,
  StatusDocument,
  SwitchDocument,
  ValidationDocument,
} from './generated/documents.ts';

/**
 * The machine-readable form of everything that is reported, and the only thing that any renderer reads. Values are
 * masked here. `schemas/*.schema.json` describe it; a change that breaks a reader raises `formatVersion`.
 */
export type AnyDocument =
  | RunDocument
  | SettingsDocument
  | StatusDocument
  | ShowDocument
  | HistoryDocument
  | SwitchDocument
  | CommandDocument
  | PullDocument;

/** The documents of runs that end in a report. */
export type RunDocument =
  | PlanDocument
  | BasePlanDocument
  | ResultDocument
  | DriftDocument
  | ValidationDocument
  | FailureDocument;

/** A document that reports its facts as they are. */
export function documentOf<K extends AnyDocument['kind']>(
  kind: K,
  facts: Omit<Extract<AnyDocument, { readonly kind: K }>, 'format' | 'kind'>,
): Extract<AnyDocument, { readonly kind: K }> {
  return { ...heading(kind), ...facts } as unknown as Extract<AnyDocument, { readonly kind: K }>;
}

export function isRunDocument(document: AnyDocument): document is RunDocument {
  return ['plan', 'base-plan', 'result', 'drift', 'validation', 'failure'].includes(document.kind);
}

/** The document with the run that it is of. */
export function withRun<D extends RunDocument>({ format, kind, ...rest }: D, run: RunEntry): D {
  return { format, kind, run, ...rest } as D;
}
