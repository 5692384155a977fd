import { parseArguments } from '../argv/program.ts';
import { outputEntry } from '../github/runner.ts';
import type { Io } from '../io/io.ts';
import { masker } from '../masking/masker.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import type { RunEntry } from '../model/generated/report-parts.ts';
import { present } from '../model/present.ts';
import { type AnyDocument, isRunDocument } from '../report/documents/document.ts';
import { resolveBase } from '../run/base/resolve-base.ts';
import { learnCredentials } from '../run/known-credentials.ts';
import { maskedIo } from '../run/masked-io.ts';
import { confined } from '../settings/checkout.ts';
import { configure } from '../settings/configure.ts';
import { refuse, type Settled } from '../settings/settings.ts';
import { currentEvent, oursAlone, trustOf } from '../settings/trust.ts';
import { keepIssue, oldCommit, reviewFault, type Step, writeComment } from './github-reports.ts';
import { commandLine, readInputs } from './inputs.ts';
import { type Main, type Ran, runCommand } from './invocation.ts';
import { type FailureReason, outputsOf, type Planned, reasonOf } from './outcome.ts';
import { remark, report, write } from './step-log.ts';

/** How a run of the Action ends. */
interface Ended {
  readonly code: ExitCode;
  readonly reason?: FailureReason;
  readonly plan?: Planned;
  readonly drifted?: boolean;
  readonly overdue?: number;
}

/**
 * One step of a workflow on GitHub: the inputs become a command line, its reports become log, annotations, job summary,
 * comment or issue, and outputs. A failed GitHub request never fails the job: the summary has it all.
 */
export async function runAction(main: Main, world: Io, version: string): Promise<ExitCode> {
  const mask = masker();
  learnCredentials(mask, [], world.env);
  const io = maskedIo(world, mask);
  const read = readInputs(io.env);
  for (const { name, nearest } of read.ok ? read.value.unknown : [])
    remark(
      io,
      'warning',
      `${JSON.stringify(`INPUT_${name.toUpperCase()}`)} is not an input of this Action and is ignored${nearest === undefined ? '' : `: did you mean ${nearest}?`}`,
    );
  const ended = read.ok
    ? await run({ main, io, version, inputs: read.value, event: currentEvent(io) })
    : refused(io, 'invalid', `${read.usage.message}: ${read.usage.hint}`);
  const { code, reason, plan, drifted, overdue } = ended;
  const file = io.env.GITHUB_OUTPUT ?? '';
  for (const [name, value] of Object.entries(outputsOf(reason, plan, present({ drifted, overdue }))))
    if (file !== '') write(io, file, outputEntry(name, value, io.random));
  return code;
}

function run(step: Step): Promise<Ended> | Ended {
  const { io, inputs, event } = step;
  const { command } = inputs;
  if (command === 'apply' && (!oursAlone.includes(event.name) || event.branch === undefined))
    return refused(
      io,
      'invalid',
      `apply is refused on ${event.name || 'an unknown event'}${event.branch === undefined ? ' without a branch' : ''}: it runs on ${oursAlone.join(', ')} of a branch of this repository, where what it applies is merged.`,
    );
  const { asksServer } = trustOf({ untrusted: inputs.flags.has('untrusted') }, io);
  if (!asksServer) return withoutServer(step);
  if (command === 'validate') return validate(step);
  if (event.pullRequest?.isConfined && !hasCredentials(io.env)) return withoutServer(step);
  if (command === 'plan')
    return event.pullRequest === undefined || namesServer(step) ? plan(step) : planWithoutServer(step);
  return command === 'apply' ? apply(step) : drift(step);
}

/** Whether a plan has a server to ask, as far as its command line can be used. */
function namesServer({ io, inputs }: Step): boolean {
  const parsed = parseArguments(commandLine(inputs, 'plan', []), {
    out: () => {},
    err: () => {},
    columns: 80,
  });
  if (parsed.kind !== 'run') return true;
  const { request } = parsed;
  const trust = trustOf(request.options, io);
  const settled = configure(request, confined(io, trust, request), trust);
  return settled.kind !== 'configured' || (settled.value.config.server.url ?? '') !== '';
}

/** A pull request of a repository without a configured server. */
async function planWithoutServer(step: Step): Promise<Ended> {
  const base = baseOf(step);
  return base.ok ? planFromBase(step, base.value) : plan(step);
}

/** What only a plan against a server takes. */
const serverFlags: ReadonlySet<string> = new Set(['server', 'out', 'allow-unknown-secrets']);

function hasCredentials(env: Io['env']): boolean {
  const isSet = (name: string): boolean => (env[name] ?? '').trim() !== '';
  return isSet('CONDUCTOR_AUTH_KEY') || isSet('CONDUCTOR_AUTH_TOKEN');
}

async function validate({ main, io, inputs }: Step): Promise<Ended> {
  const ran = await runCommand(main, io, commandLine(inputs, 'validate', []), 'printed');
  report(io, ran);
  return endOf(ran);
}

/** A stranger's pull request has no secrets, and its configuration may name any server: none is asked. */
async function withoutServer(step: Step): Promise<Ended> {
  if (step.inputs.command !== 'plan') return validateAndRender(step, '');
  const base = baseOf(step);
  return base.ok ? planFromBase(step, base.value) : validateAndRender(step, ` ${base.usage.hint}`);
}

/** What the pull request is compared with: the merge base, unless an input says more. */
function baseOf({ io, inputs, event }: Step): Settled<string> {
  const [typed] = inputs.flags.get('base') ?? [];
  const base = typed ?? (event.pullRequest?.base && `${event.pullRequest.base}...`);
  if (base === undefined) return refuse('', '');
  const resolved = resolveBase(base, (args) => io.git('.', args));
  return resolved.ok ? { ok: true, value: base } : resolved;
}

async function validateAndRender({ main, io, inputs }: Step, hint: string): Promise<Ended> {
  const offline = { ...inputs, flags: new Map([...inputs.flags].filter(([name]) => name !== 'online')) };
  const ran = await runCommand(main, io, commandLine(offline, 'validate', []), 'printed');
  report(io, ran);
  if (ran.code !== exitCodes.fine) return endOf(ran);
  io.out('::group::The manifests with everything filled in\n');
  const code = await main(commandLine(inputs, 'render', []), io);
  io.out('::endgroup::\n');
  if (code !== exitCodes.fine) return { code, reason: 'invalid' };
  remark(
    io,
    'notice',
    `This pull request comes from a fork or from Dependabot: the manifests were validated and rendered, but not compared with the server.${hint === '' ? '' : ` To compare them with the base of the pull request:${hint}`}`,
  );
  return { code };
}

/** The same comment and the same colors as of a plan against the server. */
async function planFromBase(step: Step, base: string): Promise<Ended> {
  const { inputs } = step;
  const flags = new Map([...inputs.flags].filter(([name]) => !serverFlags.has(name)));
  return plan({ ...step, inputs: { ...inputs, flags: flags.set('base', [base]) } });
}

async function plan(step: Step): Promise<Ended> {
  const { main, io, inputs, event } = step;
  const ran = await runCommand(main, io, commandLine(inputs, 'plan', []), 'printed');
  report(io, ran);
  const { document } = ran;
  const planned = plannedIn(document);
  if (event.pullRequest !== undefined && document !== undefined)
    await writeComment(
      step,
      { run: runOf(document), body: ran.markdown },
      planned?.verdict === 'nothing-to-do',
    );
  // Whoever wants none does not want any that are not known either.
  const mayChange = planned?.verdict === 'ready' || planned?.verdict === 'unknown';
  const changes = mayChange && inputs.failOnChanges;
  return { ...endOf(ran), ...(changes ? { code: exitCodes.changes } : {}) };
}

/** The plan is made first and applied by its digest, so that what the summary shows is what ran. */
async function apply(step: Step): Promise<Ended> {
  const { main, io, inputs } = step;
  const old = await supersededBy(step);
  if (old !== undefined) return old;
  const planned = await runCommand(main, io, commandLine(inputs, 'plan', []), 'kept');
  const { document } = planned;
  // Refused in part is still ready: the other schedules go on.
  if (document?.kind !== 'plan' || document.verdict !== 'ready') {
    io.out(planned.text);
    report(io, planned);
    return endOf(planned);
  }
  const expected = document.digest;
  if (expected === undefined) throw new Error('a plan that can be applied has no digest');
  if (inputs.requireReviewed) {
    const fault = await reviewFault(step, runOf(document), expected);
    if (fault !== undefined) {
      io.out(planned.text);
      report(io, planned);
      return { ...refused(io, 'plan-changed', fault), code: exitCodes.stale, plan: document };
    }
  }
  // Planning takes a while, and a newer run may have started.
  const older = await supersededBy(step);
  if (older !== undefined) {
    io.out(planned.text);
    report(io, planned);
    return { ...older, plan: document };
  }
  const words = commandLine(inputs, 'apply', ['--auto-approve', `--expect-digest=${expected}`]);
  const ran = await runCommand(main, io, words, 'printed');
  report(io, ran);
  return { ...endOf(ran), plan: document };
}

/** How it ends for a commit that is not the newest of its branch, unless that is meant; undefined for the newest. */
async function supersededBy(step: Step): Promise<Ended | undefined> {
  if (step.inputs.allowOldCommit) return undefined;
  const fault = await oldCommit(step);
  if (fault === undefined) return undefined;
  const code = fault.reason === 'superseded' ? exitCodes.stale : exitCodes.error;
  return { ...refused(step.io, fault.reason, fault.text), code };
}

async function drift(step: Step): Promise<Ended> {
  const { main, io, inputs } = step;
  const ran = await runCommand(main, io, commandLine(inputs, 'drift', []), 'printed');
  report(io, ran);
  if (ran.document?.kind !== 'drift') return endOf(ran);
  const { drifted, counts } = ran.document;
  if (inputs.issue) await keepIssue(step, ran.document, { run: runOf(ran.document), body: ran.markdown });
  return {
    code: drifted && inputs.failOnChanges ? exitCodes.changes : exitCodes.fine,
    drifted,
    overdue: counts.overdue,
  };
}

/** What the document is about, which every command that the Action runs says. */
function runOf(document: AnyDocument): RunEntry {
  if (!isRunDocument(document) || document.run === undefined)
    throw new Error('a document that does not say of which run it is');
  return document.run;
}

function endOf({ code, document }: Ran): Ended {
  const reason = reasonOf(code, document);
  return { code, ...present({ reason, plan: plannedIn(document) }) };
}

function plannedIn(document: AnyDocument | undefined): Planned | undefined {
  return document?.kind === 'plan' || document?.kind === 'base-plan' ? document : undefined;
}

function refused(io: Io, reason: FailureReason, text: string): Ended {
  remark(io, 'error', text);
  return { code: exitCodes.error, reason };
}
