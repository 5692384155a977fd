import type { Io } from '../io/io.ts';
import type { ExitCode } from '../model/exit.ts';
import { run as agenda } from './agenda.ts';
import { run as apply } from './apply.ts';
import { run as completion } from './completion.ts';
import { run as config } from './config.ts';
import { run as history } from './history.ts';
import { run as init } from './init.ts';
import { run as load } from './load-command.ts';
import { run as next } from './next.ts';
import { run as pause } from './pause.ts';
import type { Request } from './program.ts';
import { run as pull } from './pull.ts';
import { run as render } from './render.ts';
import { run as requeue } from './requeue.ts';
import { run as resume } from './resume.ts';
import { run as schema } from './schema.ts';
import { run as serve } from './serve.ts';
import { run as status } from './status.ts';

/**
 * The commands whose start is not measured in milliseconds: all but those that pipelines run on every push. They are a
 * file of their own in the package, so that those do not read them.
 */
export const others: {
  readonly [name: string]: (request: Request, io: Io) => Promise<ExitCode>;
} = {
  init,
  apply,
  pull,
  render,
  config,
  next,
  agenda,
  load,
  status,
  history,
  pause,
  resume,
  requeue,
  schema,
  completion,
  serve,
};
