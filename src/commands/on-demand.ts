import type { CommandName } from '../argv/commands.ts';
import type { ExitCode } from '../model/exit.ts';
import type { Run } from '../run/run.ts';
import { run as agenda } from './agenda.ts';
import { run as apply } from './apply.ts';
import { run as completion } from './completion.ts';
import { run as config } from './config.ts';
import { run as explain } from './explain/explain.ts';
import { run as init } from './init/init.ts';
import { run as scaffold } from './init/scaffold.ts';
import { run as load } from './load.ts';
import { run as next } from './next.ts';
import { run as audit } from './on-call/audit.ts';
import { run as history } from './on-call/history.ts';
import { run as pause } from './on-call/pause.ts';
import { run as requeue } from './on-call/requeue.ts';
import { run as resume } from './on-call/resume.ts';
import { run as show } from './on-call/show.ts';
import { run as status } from './on-call/status.ts';
import { run as policies } from './policies/policies.ts';
import { run as pull } from './pull/pull.ts';
import { run as render } from './render.ts';
import { run as schema } from './schema.ts';
import { run as version } from './version.ts';

/**
 * The commands whose start is not measured in milliseconds: all but those that pipelines run on every push, and the local
 * scheduler. They are a file of their own in the package, so that those do not read them.
 */
export const others: {
  readonly [N in Exclude<CommandName, 'validate' | 'plan' | 'drift' | 'serve'>]: (
    run: Run,
  ) => Promise<ExitCode>;
} = {
  init,
  apply,
  pull,
  render,
  config,
  next,
  agenda,
  load,
  policies,
  status,
  show,
  audit,
  history,
  pause,
  resume,
  requeue,
  explain,
  scaffold,
  schema,
  completion,
  version,
};
