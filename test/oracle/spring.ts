import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The release that Conductor 3.32.1 is built with. */
export const springVersion = '6.2.19';

// What CronExpression needs at run time.
const artifacts = ['spring-context', 'spring-core', 'spring-jcl'];
const cache: string = fileURLToPath(new URL('../../.cache/spring/', import.meta.url));
const program: string = fileURLToPath(new URL('./Oracle.java', import.meta.url));
const run = promisify(execFile);

/** Asks a list of questions, each a list of parts (see `Oracle.java`), and gives the answers in the same order. */
export async function askSpring(questions: readonly (readonly string[])[]): Promise<readonly string[]> {
  const jars = await obtainJars();
  const classpath = artifacts.map((name) => join(jars, `${name}-${springVersion}.jar`)).join(delimiter);
  const home = process.env.JAVA_HOME;
  const java = home === undefined || home === '' ? 'java' : join(home, 'bin', 'java');
  const child = spawn(java, ['-cp', classpath, program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', () =>
      reject(new Error('The comparison with Spring needs a JDK, 17 or later: there is no `java` that runs.')),
    );
    child.once('close', resolve);
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  // One that ends early is told by its exit code.
  child.stdin.on('error', () => {});
  child.stdin.end(questions.map((parts) => `${parts.map(encodeURIComponent).join('\t')}\n`).join(''));
  const code = await ended;
  const answers = text.split('\n').slice(0, -1);
  if (code !== 0 || answers.length !== questions.length)
    throw new Error(`Java ended with ${code} after ${answers.length} of ${questions.length} answers.`);
  return answers;
}

/** The folder with the jars: from the cache, else Maven fetches them with whatever configuration it finds. */
async function obtainJars(): Promise<string> {
  const folder = join(cache, springVersion);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const unfinished = await mkdtemp(join(cache, 'unfinished-'));
  try {
    for (const name of artifacts)
      await run(
        'mvn',
        [
          '-q',
          'dependency:copy',
          `-Dartifact=org.springframework:${name}:${springVersion}`,
          `-DoutputDirectory=${unfinished}`,
        ],
        { timeout: 600_000 },
      );
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    const {
      code,
      stdout = '',
      message,
    } = error as Error & { readonly code?: string; readonly stdout?: string };
    throw new Error(
      code === 'ENOENT'
        ? `Maven (\`mvn\` on the PATH) fetches Spring ${springVersion}; there is no Maven here.`
        : `Maven could not fetch Spring ${springVersion}: ${stdout.trim() || message}`,
    );
  }
  return folder;
}
