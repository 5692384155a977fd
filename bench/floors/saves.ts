import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';

/**
 * A bare loop: one list and one version request, as a plan needs them, then a save for each body of the file, so many
 * at once. Called with the API's URL, the file (a JSON array) and the parallelism. With `looks` it sends what an apply
 * sends: a look at each schedule before its save, and one list after the last.
 */
const [url = '', file = '', parallelism = '1', looks] = process.argv.slice(2);
const bodies = (JSON.parse(readFileSync(file, 'utf8')) as readonly { readonly name: string }[]).map(
  (body) => ({ name: body.name, text: JSON.stringify(body) }),
);
const agent = new Agent({ keepAlive: true, maxSockets: Number(parallelism) });

function send(method: string, path: string, body?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const sent = request(`${url}${path}`, { method, agent, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject).end(body);
  });
}

async function loop(): Promise<void> {
  for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) {
    if (looks !== undefined) await send('GET', `/scheduler/schedules/${body.name}`);
    const status = await send('POST', '/scheduler/schedules', body.text);
    if (status !== 200) throw new Error(`a save was answered with ${status}`);
    saved += 1;
  }
}

let saved = 0;
void Promise.all([send('GET', '/scheduler/schedules'), send('GET', '/version')])
  .then(() => Promise.all(Array.from({ length: Number(parallelism) }, loop)))
  .then(() => (looks === undefined ? 0 : send('GET', '/scheduler/schedules')))
  .then(() => {
    agent.destroy();
    process.stdout.write(`Saved ${saved}.\n`);
  });
