/** The public names of the package: run a command in-process, and the types of its JSON documents. */

export { version } from './argv/root.ts';
export type { Io, ReadFile, TreeRead } from './io/io.ts';
export { main } from './main.ts';
export type { ExitCode } from './model/exit.ts';
export type {
  AnyDocument,
  DriftDocument,
  FailureDocument,
  PlanDocument,
  ResultDocument,
  ValidationDocument,
} from './report/documents/document.ts';
export type { SettingEntry, SettingsDocument } from './report/text/settings.ts';
