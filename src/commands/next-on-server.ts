import { parseZone } from '../cron/zone/zone.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import type { Outcome } from '../model/port.ts';
import { succeed } from '../model/port.ts';
import { present } from '../model/present.ts';
import type { Schedule } from '../model/schedule.ts';
import { type NextFire, nextDocument } from '../report/documents/next.ts';
import { documentJson } from '../report/formats/document-json.ts';
import { renderNext } from '../report/text/next.ts';
import { placed } from '../run/load-manifests.ts';
import { done, ended, identify, type Opened, openAlone, type Stage } from '../run/prologue.ts';
import type { Run } from '../run/run.ts';
import { startOf } from '../run/typed-times.ts';
import { unknownNames } from '../run/unknown-names.ts';

// No server answers more.
const mostOfServer = 5;

/** The server's own preview, of a schedule that it has or of a cron, as it is: in UTC and five at most. */
export async function nextOnServer(run: Run, isCron: boolean): Promise<ExitCode> {
  const { argument = '', options } = run.request;
  if (options.zone !== undefined) {
    return run.refuse({
      message: '--zone cannot be used with --server: the server reads every cron in UTC',
      hint: 'remove --server: Downbeat computes the fires in any zone itself',
    });
  }
  const start = startOf(options.from, run.now());
  if (!start.ok) return run.refuse(start.usage);
  const opened = openAlone(run);
  if (opened.kind === 'ended') return opened.code;
  const from = options.from === undefined ? undefined : start.value;
  const limit = Math.min(options.limit ?? mostOfServer, mostOfServer);
  const asked = isCron
    ? done({ crons: [argument], from, to: undefined })
    : await ofSchedule(run, opened.value, argument, from);
  if (asked.kind === 'ended') return asked.code;
  const found = await previews(opened.value, asked.value, limit);
  if (!found.ok) return run.fail([], found.failure);
  run.say("note: this is the server's own preview: it reads every cron in UTC and stops at five\n");
  if (found.value.length === 0) run.say('The server returned no fires.\n');
  const document = nextDocument(
    { by: 'server', ...(isCron ? { cron: argument } : { name: argument }) },
    found.value,
  );
  run.write(document, (masked, format, style) =>
    format === 'json' ? documentJson(masked) : renderNext(found.value, run.now(), style),
  );
  return exitCodes.fine;
}

/** What the server is asked for. */
type Asked = {
  readonly crons: readonly string[];
  readonly from: number | undefined;
  readonly to: number | undefined;
};

async function ofSchedule(
  run: Run,
  { connection }: Opened,
  name: string,
  from: number | undefined,
): Promise<Stage<Asked>> {
  const list = await connection.reader.list();
  if (!list.ok) return ended(run.fail([], list.failure));
  const server = await identify(run, connection);
  if (server.kind === 'ended') return server;
  const schedules = new Map(list.value.schedules.map(({ schedule }) => [schedule.name, schedule]));
  const schedule = schedules.get(name);
  if (schedule === undefined) return ended(run.fail(placed(unknownNames([name], [...schedules.keys()]))));
  const { scheduleStartTime: begin, scheduleEndTime: to } = schedule;
  return done({
    crons: cronsOf(schedule),
    from: begin === undefined ? from : Math.max(begin, from ?? begin),
    to,
  });
}

function cronsOf({ cronSchedules, cronExpression }: Schedule): readonly string[] {
  if (cronSchedules !== undefined) return cronSchedules.map((entry) => entry.cronExpression);
  return cronExpression === undefined ? [] : [cronExpression];
}

/** The server knows one cron at a time. */
async function previews(
  { connection }: Opened,
  { crons, from, to }: Asked,
  limit: number,
): Promise<Outcome<readonly NextFire[]>> {
  const utc = parseZone('UTC');
  if (!utc.ok) return succeed([]);
  const moments: number[] = [];
  for (const cronExpression of crons) {
    const answer = await connection.reader.nextFew({
      cronExpression,
      ...present({ scheduleStartTime: from, scheduleEndTime: to }),
      limit,
    });
    if (!answer.ok) return answer;
    moments.push(...answer.value);
  }
  const first = moments.sort((a, b) => a - b).slice(0, limit);
  return succeed(first.map((at) => ({ at, zone: utc.zone, zoneId: 'UTC' })));
}
