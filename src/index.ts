/** The public names of the package: run a command in-process, and the types of its JSON documents. */

export { version } from './argv/root.ts';
export type { Io, ReadFile, TreeRead } from './io/io.ts';
export { main } from './main.ts';
export type { ExitCode } from './model/exit.ts';
export type { AnyDocument } from './report/documents/document.ts';
export type { DriftDocument } from './report/documents/drift.ts';
export type { FailureDocument } from './report/documents/failure.ts';
export type { PlanDocument } from './report/documents/plan.ts';
export type { ResultDocument } from './report/documents/result.ts';
export type { SettingEntry, SettingsDocument } from './report/documents/settings.ts';
export type { ValidationDocument } from './report/documents/validation.ts';
