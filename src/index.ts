/** The public names of the package: run a command in-process, and the types of its JSON documents. */
export type { Io, ReadFile, TreeRead } from './io/io.ts';
export { main, version } from './main.ts';
export type { ExitCode } from './model/exit.ts';
export type {
  AnyDocument,
  DriftDocument,
  FailureDocument,
  PlanDocument,
  ResultDocument,
  ValidationDocument,
} from './report/document.ts';
