// Builds dist/: the bin, the Action, the library, its types, the licences of what is bundled, and the code caches of the
// Node that runs this. But for these, output is the same bytes for the same input.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { asProgram, bundling, holdsCodeOf, inAscii, packagesIn, withoutSubprocesses } from './bundling.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { values: options } = parseArgs({
  options: {
    'no-types': { type: 'boolean' },
    'action-into': { type: 'string' },
    'source-map': { type: 'boolean' },
  },
});

/** What the program has a file of its own for. */
const late = /\/(start|start-any|on-demand|serve|json-schema|linear-pattern)\.ts$/;

/** What has no file of its own, and which one it is in. */
const within = { 'start-any': 'on-demand' };

/** Lets what is imported late be the program's file for it, in this folder. */
function filesOfTheirOwn(folder) {
  return {
    name: 'files of their own',
    setup: (step) =>
      step.onResolve({ filter: late }, ({ path, kind }) =>
        kind === 'dynamic-import'
          ? { path: path.replace(/^.*\/([\w-]+)\.ts$/, `${folder}/$1.cjs`), external: true }
          : undefined,
      ),
  };
}

/** Lets the program load its files with their code caches. */
const withCodeCaches = {
  name: 'code caches',
  setup: (step) => {
    step.onResolve({ filter: late }, ({ path, kind }) =>
      kind === 'dynamic-import'
        ? {
            path: path.replace(/^.*\/([\w-]+)\.ts$/, (_, name) => `${within[name] ?? name}.cjs`),
            namespace: 'cached',
          }
        : undefined,
    );
    step.onLoad({ filter: /.*/, namespace: 'cached' }, ({ path }) => ({
      contents: `const { loadCached } = require('./src/io/code-cache.ts');
        module.exports = loadCached(require('node:path').join(__dirname, ${JSON.stringify(path)}));`,
      resolveDir: root,
    }));
  },
};

const shared = {
  ...bundling,
  absWorkingDir: root,
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  metafile: true,
  define: { ...bundling.define, __DOWNBEAT_VERSION__: JSON.stringify(manifest.version) },
};
// Each file costs every start a millisecond, so there is one for what runs on every push, one for the local scheduler, one
// that has all other commands as well, and one each for the JSON Schemas and the patterns of policies. What two of them need is in both.
const program = {
  ...shared,
  ...asProgram,
  define: shared.define,
  plugins: [withoutSubprocesses, withCodeCaches, inAscii],
};
const entries = {
  cli: 'src/cli.ts',
  start: 'src/start.ts',
  'on-demand': 'src/start-any.ts',
  serve: 'src/commands/serve/serve.ts',
  'json-schema': 'src/policies/json-schema.ts',
  'linear-pattern': 'src/policies/linear-pattern.ts',
};
// The package's modules, each with a name of its own in package.json.
const library = {
  index: 'src/index.ts',
  cron: 'src/cron/spring-cron.ts',
  scheduler: 'src/scheduler/local/start-scheduler.ts',
};
// A runner takes what is in the repository and installs nothing, so of the Action all is in one file, and what the runner
// starts is another that loads it with its code cache.
const action = { ...program, plugins: [withoutSubprocesses, inAscii] };
const actionEntry = 'src/action.ts';

// The tests of the Action build it for themselves, while others use dist/.
if (options['action-into'] === undefined) await buildAll();
else if (options['source-map'])
  await build({
    ...action,
    minify: false,
    plugins: [withoutSubprocesses],
    sourcemap: 'linked',
    outdir: options['action-into'],
    entryPoints: { action: actionEntry },
  });
else await buildAction(options['action-into']);

async function buildAction(outdir) {
  const starts = {
    contents: `require('./src/io/code-cache.ts').loadCached(require('node:path').join(__dirname, 'action-step.cjs'));`,
    resolveDir: root,
  };
  await build({ ...action, outdir: undefined, outfile: join(outdir, 'action.cjs'), stdin: starts });
  return build({ ...action, outdir, entryPoints: { 'action-step': actionEntry } });
}

async function buildAll() {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const built = [
    await build({ ...program, entryPoints: entries }),
    await buildAction(shared.outdir),
    await build({
      ...shared,
      splitting: false,
      format: 'cjs',
      supported: program.supported,
      outdir: 'dist/commonjs',
      entryPoints: library,
      plugins: [withoutSubprocesses, filesOfTheirOwn('..')],
    }),
    await build({ ...shared, splitting: false, entryPoints: { cron: library.cron } }),
  ];
  writeLibrary();
  const names = bundled(built.map(({ metafile }) => metafile));
  writeFileSync(join(root, 'dist', 'THIRD-PARTY-LICENSES.txt'), licences(names));
  writeFileSync(join(root, 'dist', 'sbom.cdx.json'), bill(names));
  execFileSync(process.execPath, [join(root, 'scripts/code-cache.mjs')], { cwd: root, stdio: 'inherit' });
  if (!options['no-types']) writeTypes();
}

/**
 * What makes one copy of the library both: `dist/commonjs` is CommonJS, and the modules that `import` gets hand on what
 * is in it. Only cron is a module of its own, so that browsers can have it, too.
 */
function writeLibrary() {
  writeFileSync(join(root, 'dist/commonjs/package.json'), '{"type":"commonjs"}\n');
  for (const name of Object.keys(library)) {
    if (name === 'cron') continue;
    const names = Object.keys(createRequire(import.meta.url)(join(root, 'dist/commonjs', `${name}.js`)));
    writeFileSync(
      join(root, 'dist', `${name}.js`),
      `export{${names.sort().join(',')}}from'./commonjs/${name}.js';\n`,
    );
  }
}

/** The types that the library's own reach, for `import` and for `require`. */
function writeTypes() {
  const all = join(root, 'dist/all-types');
  execFileSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'scripts/tsconfig.types.json', '--outDir', all],
    { cwd: root, stdio: 'inherit' },
  );
  const reached = new Set(Object.values(library).map((path) => path.slice('src/'.length)));
  // What is added on the way is visited as well.
  for (const path of reached) {
    const text = readFileSync(join(all, path.replace(/\.ts$/, '.d.ts')), 'utf8').replace(
      /((?:from |import\()')([^']+)'/g,
      (_, before, from) => {
        // Whoever installs the package has no other one.
        if (!from.startsWith('.')) throw new Error(`the types of ${path} need ${from}`);
        reached.add(join(dirname(path), from));
        return `${before}${from.replace(/\.ts$/, '.js')}'`;
      },
    );
    for (const folder of ['types', 'commonjs/types']) {
      const file = join(root, 'dist', folder, path.replace(/\.ts$/, '.d.ts'));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
  rmSync(all, { recursive: true });
}

/** The packages of which code is in what is built, directly or in a generated file. */
function bundled(metafiles) {
  const names = new Set(metafiles.flatMap(packagesIn));
  for (const path of new Set(metafiles.flatMap(({ inputs }) => Object.keys(inputs)))) {
    if (!/\/generated\/.*\.js$/.test(path)) continue;
    const [, line = ''] = readFileSync(join(root, path), 'utf8').split('\n', 2);
    if (!line.startsWith(holdsCodeOf))
      throw new Error(`${path} does not say of which packages it holds code`);
    for (const name of line.slice(holdsCodeOf.length).split(', ')) names.add(name);
  }
  return [...names].sort();
}

/**
 * What is in the package, for scanners: npm's own bill of the lockfile, less what is needed only to build and test.
 * Without the time and the random number that npm puts in, so that the same input gives the same bytes.
 */
function bill(names) {
  const text = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const { serialNumber: _number, metadata, components, dependencies, ...rest } = JSON.parse(text);
  const { timestamp: _time, tools: _tools, component, ...facts } = metadata;
  const inside = components.flatMap(({ properties: _development, ...one }) =>
    names.includes(one.name) && one['bom-ref'] === `${one.name}@${installed(one.name).version}`
      ? [{ ...one, scope: 'required' }]
      : [],
  );
  const missing = names.filter((name) => !inside.some((one) => one.name === name));
  if (missing.length > 0) throw new Error(`npm sbom does not know ${missing.join(', ')}`);
  const references = new Set([component, ...inside].map((one) => one['bom-ref']));
  const document = {
    ...rest,
    metadata: { ...facts, component: { ...component, name: manifest.name } },
    components: inside,
    dependencies: dependencies
      .filter(({ ref }) => references.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => references.has(one)) })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function installed(name) {
  return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'));
}

/** The licence texts of packages. */
function licences(names) {
  const texts = names.map((name) => {
    const folder = join(root, 'node_modules', name);
    const { version, license } = installed(name);
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} is bundled and has no licence file`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  });
  return `dist/ contains code of these packages.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}
