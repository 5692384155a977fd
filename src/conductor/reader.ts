import { httpDate } from '../http/retry.ts';
import { fail, type Reader, succeed } from '../model/port.ts';
import { present } from '../model/present.ts';
import { decode } from './answer.ts';
import { traitsOf } from './detect.ts';
import { executionQuery, translateSort } from './executions.ts';
import type { Identity } from './identity.ts';
import { read, type Session } from './perform.ts';
import { serverTypes } from './server-types.ts';
import {
  executionsFrom,
  listFrom,
  momentsFrom,
  nextFewParameters,
  scheduleFrom,
  scheduleNamed,
  tagsFrom,
} from './wire.ts';

/** The reading door of a connection. */
export function reader(session: Session, { foresee, identify, sawList }: Identity): Reader {
  const { perform, refuse } = session;
  return {
    list: async ({ workflowName, identifies = false } = {}) => {
      const asked = perform('list', { query: { workflowName } });
      if (identifies) foresee();
      const got = await asked;
      if (!got.ok) return got;
      const { answer } = got.value;
      const body = decode(answer);
      if (!body.ok) return fail(refuse(got.value, body.kind, body.words));
      const list = listFrom(body.value);
      if (!list.ok) return fail(refuse(got.value, 'shape', list.why));
      sawList(traitsOf(list.elements));
      const serverTime = httpDate(answer.headers.date);
      return succeed({
        schedules: list.elements.map(scheduleFrom),
        ...present({ serverTime }),
      });
    },
    identify,
    get: async (name) => {
      const got = await perform('get', { schedule: name });
      if (!got.ok) return got.failure.kind === 'missing' ? succeed(null) : got;
      // OSS before 3.32.0 and older Orkes servers say "there is none" this way.
      const { text } = got.value.answer;
      if (text === '' || text.trim() === 'null') return succeed(null);
      return read(
        session,
        got.value,
        (value) => scheduleNamed(value, name),
        `the schedule ${JSON.stringify(name)}`,
      );
    },
    tags: async (name) => {
      const got = await perform('tags get', { schedule: name });
      return got.ok ? read(session, got.value, tagsFrom, 'a list of tags') : got;
    },
    nextFew: async (query) => {
      const got = await perform('next few', { query: nextFewParameters(query) });
      return got.ok ? read(session, got.value, momentsFrom, 'a list of times') : got;
    },
    searchExecutions: async ({ query, start, size, sort, ...filter }) => {
      let [wanted, order] = [query, sort];
      if (wanted === undefined) {
        const server = await identify();
        if (!server.ok) return server;
        const { pastRuns } = serverTypes[server.value.serverType];
        const said = executionQuery(filter, server.value.capabilities.executionQuery);
        if (!said.ok) return fail(session.unsayable('search executions', said.name));
        wanted = said.query ?? pastRuns.every;
        order = sort && translateSort(sort, pastRuns.sortFields);
      }
      const got = await perform('search executions', { query: { query: wanted, start, size, sort: order } });
      return got.ok ? read(session, got.value, executionsFrom, 'a page of executions') : got;
    },
  };
}
