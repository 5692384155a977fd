import { type CommandName, commandNames } from './argv/commands.ts';
import { parseArguments, type Request } from './argv/program.ts';
import { rootAnswer, version } from './argv/root.ts';
import { run as drift } from './commands/drift.ts';
import type { others } from './commands/on-demand.ts';
import { run as plan } from './commands/plan.ts';
import { run as validate } from './commands/validate.ts';
import type { Io } from './io/io.ts';
import { type Masker, masker } from './masking/masker.ts';
import { type ExitCode, exitCodes } from './model/exit.ts';
import { present } from './model/present.ts';
import { crashed, endOfRun } from './run/ending.ts';
import { learnCredentials } from './run/known-credentials.ts';
import { maskedIo } from './run/masked-io.ts';
import { createRun, type Run } from './run/run.ts';
import { learnFromUsualManifests } from './run/secret-values.ts';
import { confined } from './settings/checkout.ts';
import { type Output, outputsOf } from './settings/settings.ts';
import { trustOf } from './settings/trust.ts';

type Command = (run: Run) => Promise<ExitCode>;

/** What pipelines run on every push. */
const first: { readonly [N in Exclude<CommandName, keyof typeof others | 'serve'>]: Command } = {
  validate,
  plan,
  drift,
};

/**
 * Arguments in, exit code out; everything else goes through `io`. `onSignal` calls back when the process is asked to
 * end, for commands that do not end in order themselves. `rest`: the commands that would be loaded, where they are there.
 */
export async function main(
  argv: readonly string[],
  io: Io,
  onSignal: Io['onInterrupt'] = () => () => {},
  rest?: typeof others,
): Promise<ExitCode> {
  const mask = masker();
  const masked = maskedIo(io, mask);
  let run: Run | undefined;
  let code: ExitCode;
  let takeBack: (() => void) | undefined;
  const stopped = new Promise<ExitCode>((resolve) => {
    takeBack = onSignal(() => {
      const stop = run?.stop();
      if (stop !== undefined) resolve(stop);
    });
  });
  try {
    const begun = begin(argv, io, mask);
    if (typeof begun === 'number') code = begun;
    else {
      run = begun;
      const ended = commandNamed(run.request.command, rest).then((carryOut) => carryOut(begun));
      code = await Promise.race([ended, stopped]);
    }
  } catch (error) {
    if (run === undefined) sayCrash(argv, io, error);
    code = run?.crash(error, version) ?? exitCodes.error;
  } finally {
    takeBack?.();
  }
  run?.dropOldPlan();
  return endOfRun(code, masked, run?.standing() ?? { wrote: false, unreported: false });
}

/** Whether a run was ended before it was done. */
export function isInterrupted(code: ExitCode): boolean {
  return code === exitCodes.interrupted;
}

/** For a throw outside of `main`, in a callback of Node. */
export function sayCrash(argv: readonly string[], io: Io, error: unknown): void {
  const mask = masker();
  learnCredentials(mask, argv, io.env);
  const debug = argv.includes('--debug');
  crashed({ masked: maskedIo(io, mask), plain: io }, error, { version, debug });
}

/** The run of a sound command line; the exit code where there is nothing to run. */
function begin(argv: readonly string[], io: Io, mask: Masker): Run | ExitCode {
  const answer = rootAnswer(argv);
  if (answer !== undefined) {
    io.out(answer);
    return exitCodes.fine;
  }
  learnCredentials(mask, argv, io.env);
  // Until the command has its settings, so that what it says before that is masked too.
  learnFromUsualManifests(usualManifests(io, mask));
  const { out, err, terminal } = maskedIo(io, mask);
  const said: string[] = [];
  const parsed = parseArguments(argv, {
    out,
    err: (text) => {
      said.push(text);
      err(text);
    },
    columns: terminal.columns,
  });
  if (parsed.kind === 'ended') {
    if (parsed.code !== exitCodes.fine) reportWrongLine(argv, said.join(''), io, mask);
    return parsed.code;
  }
  const outputs = outputsOf(parsed.request);
  const world = parsed.request.options.noColor ? { ...io, env: { ...io.env, NO_COLOR: '1' } } : io;
  const run = createRun(parsed.request, world, mask, soundOutputs(parsed.request));
  return outputs.ok ? run : run.refuse(outputs.usage);
}

async function commandNamed(command: CommandName, rest: typeof others | undefined): Promise<Command> {
  if (command === 'serve') return (await import('./commands/serve/serve.ts')).run;
  if (isFirst(command)) return first[command];
  return (rest ?? (await import('./commands/on-demand.ts')).others)[command];
}

/** What a command would read whose line says nothing of it. */
function usualManifests(io: Io, mask: Masker): Parameters<typeof learnFromUsualManifests>[0] {
  const trust = trustOf({}, io);
  const files = confined(io, trust, { command: 'validate', options: {} });
  return { files, env: io.env, masker: mask, trust };
}

function isFirst(command: Exclude<CommandName, 'serve'>): command is keyof typeof first {
  return Object.hasOwn(first, command);
}

/** A wrong command line in the forms that were asked for, as far as that can be known; standard error has it. */
function reportWrongLine(argv: readonly string[], said: string, io: Io, mask: Masker): void {
  const command = commandNames.find((name) => name === argv.find((word) => !word.startsWith('-')));
  if (command === undefined) return;
  const [out] = valuesOf(argv, ['--out']);
  const request = { command, options: { output: valuesOf(argv, ['--output', '-o']), ...present({ out }) } };
  const [first = '', ...rest] = said.split('\n').filter((line) => line.trim() !== '');
  const usage = { message: first.replace(/^error: /, ''), hint: rest.join(' ').replace(/^hint: /, '') };
  const run = createRun(request, io, mask, soundOutputs(request));
  run.refuse(usage, { said: true });
  run.dropOldPlan();
}

/** What follows a flag on a line that cannot be parsed. */
function valuesOf(argv: readonly string[], flags: readonly string[]): readonly string[] {
  return argv.flatMap((word, index) => {
    const flag = flags.find((one) => word === one || word.startsWith(`${one}=`));
    if (flag === undefined) return [];
    return [word === flag ? (argv[index + 1] ?? '') : word.slice(flag.length + 1)];
  });
}

/** Those of the outputs that can be used, where others cannot. */
function soundOutputs({ command, options }: Pick<Request, 'command' | 'options'>): readonly Output[] {
  const sound: string[] = [];
  for (const spec of options.output ?? [])
    if (outputsOf({ command, options: { output: [...sound, spec] } }).ok) sound.push(spec);
  const outputs = outputsOf({ command, options: sound.length === 0 ? {} : { output: sound } });
  return outputs.ok ? outputs.value : [];
}
