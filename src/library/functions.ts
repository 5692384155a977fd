import { present } from '../model/present.ts';
import type {
  AuditDocument,
  BasePlanDocument,
  NextDocument,
  PlanDocument,
  ResultDocument,
  ValidationDocument,
} from '../report/documents/generated/documents.ts';
import { type CallOptions, call, type Outcome } from './call.ts';
import type {
  ApplyFlags,
  AuditFlags,
  NextFlags,
  PlanFlags,
  ValidateFlags,
} from './generated/option-types.ts';

type InDirectory = {
  /** Directory of manifests. Default: the configured one, else `schedules`. */
  readonly directory?: string;
};

export type ValidateOptions = ValidateFlags & InDirectory & CallOptions;
export type PlanOptions = Omit<PlanFlags, 'base'> & InDirectory & CallOptions;
/** For a plan over a commit instead of a server. */
export type BasePlanOptions = PlanOptions & { readonly base: string };

/**
 * What is applied, and who has approved it: a plan that was saved and reviewed, a directory whose plan has a digest that
 * was reviewed, or a directory as it is now.
 */
export type ApplyOptions = ApplyFlags &
  CallOptions &
  (
    | {
        /** File that `plan({ out })` wrote. */
        readonly plan: string;
      }
    | (InDirectory & { readonly plan?: never; readonly expectDigest: string })
    | (InDirectory & { readonly plan?: never; readonly autoApprove: true })
  );

export type NextFiresOptions = NextFlags & CallOptions;

export type AuditOptions = AuditFlags &
  CallOptions & {
    /** Names of schedules, or patterns such as `billing_*`. Default: all. */
    readonly names?: readonly string[];
  };

/**
 * Checks the manifests of a directory, offline unless `online`. Exit code 1 = there are errors; they are in the document.
 *
 * @example
 * const { document } = await validate({ directory: 'schedules' });
 * for (const problem of document.problems) console.log(problem.code, problem.message);
 */
export function validate(options: ValidateOptions = {}): Promise<Outcome<ValidationDocument>> {
  const { directory, signal, world, ...flags } = options;
  return call('validate', listed(directory), flags, present({ signal, world }));
}

/**
 * Compares a directory with a server and says what `apply` would do; with `base`, with the manifests of a commit and
 * without a server. Writes nothing.
 *
 * @example
 * const { document } = await plan({ directory: 'schedules', server: 'http://localhost:8080' });
 * if (document.kind === 'plan') console.log(document.counts, document.digest);
 */
export function plan(options: BasePlanOptions): Promise<Outcome<BasePlanDocument>>;
export function plan(options?: PlanOptions): Promise<Outcome<PlanDocument>>;
export function plan(options: PlanOptions = {}): Promise<Outcome<PlanDocument | BasePlanDocument>> {
  const { directory, signal, world, ...flags } = options;
  return call('plan', listed(directory), flags, present({ signal, world }));
}

/**
 * Makes the server equal to a directory, or applies a saved plan. Where the plan is refused, the document is the plan
 * that says why.
 *
 * @example
 * const { document, exitCode } = await apply({ directory: 'schedules', expectDigest: digest });
 * if (document.kind === 'result') console.log(exitCode, document.counts);
 */
export function apply(options: ApplyOptions): Promise<Outcome<ResultDocument | PlanDocument>> {
  const { signal, world, ...rest } = options;
  const { plan: saved, directory, ...flags } = { plan: undefined, directory: undefined, ...rest };
  return call('apply', listed(saved ?? directory), flags, present({ signal, world }));
}

/**
 * The next fires of a schedule from the manifests, or of a cron expression, in ISO 8601 with the offset of its zone.
 *
 * @example
 * const { document } = await nextFires('0 0 9 * * MON-FRI', { zone: 'Europe/Berlin', limit: 3 });
 * if (document.kind === 'next') console.log(document.fires);
 */
export function nextFires(
  nameOrCron: string,
  options: NextFiresOptions = {},
): Promise<Outcome<NextDocument>> {
  const { signal, world, ...flags } = options;
  return call('next', [nameOrCron], flags, present({ signal, world }));
}

/**
 * Holds the fires that should have been against the past runs of the server. Writes nothing.
 *
 * @example
 * const { document } = await audit({ since: '24h' });
 * if (document.kind === 'audit') console.log(document.counts.missed);
 */
export function audit(options: AuditOptions = {}): Promise<Outcome<AuditDocument>> {
  const { names = [], signal, world, ...flags } = options;
  return call('audit', names, flags, present({ signal, world }));
}

function listed(name: string | undefined): readonly string[] {
  return name === undefined ? [] : [name];
}
