import { others } from './commands/on-demand.ts';
import { start } from './start.ts';

/** For a command that is not among those that `main` has anyway: all are in one file then, which is read once. */
export function startAny(): void {
  start(others);
}

export { others };
