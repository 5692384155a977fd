/** The public names of the package: its commands as functions, and the types of their JSON documents. */

export { version } from './argv/root.ts';
export type { CallOptions, Outcome } from './library/call.ts';
export type { World } from './library/caller-io.ts';
export {
  type ApplyOptions,
  type AuditOptions,
  apply,
  audit,
  type BasePlanOptions,
  type NextFiresOptions,
  nextFires,
  type PlanOptions,
  plan,
  type ValidateOptions,
  validate,
} from './library/functions.ts';
export type { ExitCode } from './model/exit.ts';
export type { AnyDocument } from './report/documents/document.ts';
export type {
  AuditDocument,
  BasePlanDocument,
  DriftDocument,
  FailureDocument,
  NextDocument,
  PlanDocument,
  ResultDocument,
  SettingEntry,
  SettingsDocument,
  ValidationDocument,
} from './report/documents/generated/documents.ts';
