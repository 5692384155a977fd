import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';

/**
 * A bare loop of reads: those of the file (a JSON array of paths with their queries), in its order, so many at once.
 * Called with the server's origin, the file and the parallelism.
 */
const [origin = '', file = '', parallelism = '1'] = process.argv.slice(2);
const paths = JSON.parse(readFileSync(file, 'utf8')) as readonly string[];
const agent = new Agent({ keepAlive: true, maxSockets: Number(parallelism) });
let next = 0;

function read(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${origin}${path}`,
      { agent },
      (response) => void response.resume().on('end', resolve),
    );
    sent.on('error', reject).end();
  });
}

async function loop(): Promise<void> {
  for (let path = paths[next++]; path !== undefined; path = paths[next++]) await read(path);
}

void Promise.all(Array.from({ length: Number(parallelism) }, loop)).then(() => {
  agent.destroy();
  process.stdout.write(`Read ${paths.length}.\n`);
});
