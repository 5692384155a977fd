import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';

/**
 * Bare reads: those of the file (a JSON array of arrays of paths with their queries), each array at once, one array
 * after the other. Called with the server's origin and the file.
 */
const [origin = '', file = ''] = process.argv.slice(2);
const waves = JSON.parse(readFileSync(file, 'utf8')) as readonly (readonly string[])[];
const agent = new Agent({ keepAlive: true });

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

async function readAll(): Promise<void> {
  for (const paths of waves) await Promise.all(paths.map(read));
}

void readAll().then(() => {
  agent.destroy();
  process.stdout.write(`Read ${waves.flat().length}.\n`);
});
