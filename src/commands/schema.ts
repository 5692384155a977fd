import agenda from '../../schemas/agenda.schema.json' with { type: 'json' };
import audit from '../../schemas/audit.schema.json' with { type: 'json' };
import basePlan from '../../schemas/base-plan.schema.json' with { type: 'json' };
import command from '../../schemas/command.schema.json' with { type: 'json' };
import config from '../../schemas/config.schema.json' with { type: 'json' };
import defaults from '../../schemas/defaults.schema.json' with { type: 'json' };
import drift from '../../schemas/drift.schema.json' with { type: 'json' };
import history from '../../schemas/history.schema.json' with { type: 'json' };
import load from '../../schemas/load.schema.json' with { type: 'json' };
import next from '../../schemas/next.schema.json' with { type: 'json' };
import plan from '../../schemas/plan.schema.json' with { type: 'json' };
import policies from '../../schemas/policies.schema.json' with { type: 'json' };
import policyReport from '../../schemas/policy-report.schema.json' with { type: 'json' };
import pull from '../../schemas/pull.schema.json' with { type: 'json' };
import record from '../../schemas/record.schema.json' with { type: 'json' };
import result from '../../schemas/result.schema.json' with { type: 'json' };
import savedPlan from '../../schemas/saved-plan.schema.json' with { type: 'json' };
import schedule from '../../schemas/schedule.schema.json' with { type: 'json' };
import settings from '../../schemas/settings.schema.json' with { type: 'json' };
import show from '../../schemas/show.schema.json' with { type: 'json' };
import status from '../../schemas/status.schema.json' with { type: 'json' };
import switched from '../../schemas/switch.schema.json' with { type: 'json' };
import validation from '../../schemas/validation.schema.json' with { type: 'json' };
import { nearestKey } from '../manifest/nearest.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import type { Run } from '../run/run.ts';

const schemas: { readonly [name: string]: object } = {
  schedule,
  config,
  policies,
  defaults,
  plan,
  'saved-plan': savedPlan,
  result,
  drift,
  pull,
  validation,
  settings,
  next,
  agenda,
  load,
  'base-plan': basePlan,
  'policy-report': policyReport,
  status,
  show,
  audit,
  history,
  switch: switched,
  command,
  record,
};

/** Prints a JSON Schema of what we read or write. */
export async function run(run: Run): Promise<ExitCode> {
  const { argument = 'schedule' } = run.request;
  const schema = Object.hasOwn(schemas, argument) ? schemas[argument] : undefined;
  if (schema === undefined) {
    const nearest = nearestKey(argument, Object.keys(schemas));
    return run.refuse({
      message: `unknown schema ${JSON.stringify(argument)}`,
      hint:
        nearest === undefined
          ? `use one of ${Object.keys(schemas).join(', ')}`
          : `did you mean ${JSON.stringify(nearest)}?`,
    });
  }
  run.print(`${JSON.stringify(schema, null, 2)}\n`);
  return exitCodes.fine;
}
