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
export type { BasePlanDocument } from './report/documents/base-plan.ts';
export type { AnyDocument } from './report/documents/document.ts';
export type { DriftDocument } from './report/documents/drift.ts';
export type { FailureDocument } from './report/documents/failure.ts';
export type { NextDocument } from './report/documents/next.ts';
export type { AuditDocument } from './report/documents/on-call/audit.ts';
export type { PlanDocument } from './report/documents/plan.ts';
export type { ResultDocument } from './report/documents/result.ts';
export type { SettingEntry, SettingsDocument } from './report/documents/settings.ts';
export type { ValidationDocument } from './report/documents/validation.ts';
