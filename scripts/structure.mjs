// Checks the shape of src/: which room may import which, no circles between files, no crowded folder, no two unrelated
// files with one name. Type imports count: a type that is needed is knowledge, too.
// Usage: node scripts/structure.mjs [FOLDER WITH src/]
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, normalize, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const stages = [
  'manifest',
  'compare',
  'fires',
  'policies',
  'plan',
  'http',
  'conductor',
  'github',
  'apply',
  'report',
  'scheduler',
];
const vocabulary = ['model', 'cron', 'problems'];
const io = 'io/io.ts';

/** What each room (a folder of src/, or a file of it) may import: rooms, single files, packages. Its own files always. */
export const rooms = {
  model: [],
  cron: [],
  masking: ['model'],
  problems: ['model', 'cron'],
  compare: ['model', 'fast-deep-equal', 'node:crypto'],
  fires: vocabulary,
  scheduler: [...vocabulary, 'node:http', 'node:crypto'],
  manifest: [...vocabulary, 'yaml', 'ical.js'],
  report: [...vocabulary, 'diff', 'picocolors', 'get-east-asian-width'],
  policies: [...vocabulary, 'fires', 'ajv', 're2js'],
  plan: [...vocabulary, 'compare', 'fires', 'policies'],
  http: [
    'model',
    'ky',
    'p-limit',
    ...['buffer', 'http', 'https', 'net', 'stream', 'tls', 'zlib'].map((name) => `node:${name}`),
  ],
  conductor: ['model', 'http', 'masking'],
  github: ['model', 'http', 'masking'],
  apply: ['model', 'compare'],
  argv: ['model', 'commander', 'cron/parse/edit-distance.ts'],
  settings: ['model', 'problems', 'manifest', 'argv', 'http', 'node:crypto', io],
  run: [...vocabulary, ...stages, 'masking', 'settings', 'argv', io],
  // No Io: commands reach streams, files and the clock through their run alone, which masks.
  commands: [...vocabulary, ...stages, 'settings', 'argv', 'run', 'schemas'],
  action: [...vocabulary, ...stages, 'masking', 'settings', 'argv', 'run', 'node:crypto', io],
  io: ['node:*', 'model/text/utf8.ts'],
  'main.ts': ['settings', 'commands', 'argv', 'run', 'masking', 'model', io],
  library: ['main.ts', 'argv', 'model', 'report/documents', 'io'],
  'start.ts': ['main.ts', 'commands/on-demand.ts', 'io'],
  'start-any.ts': ['start.ts', 'commands/on-demand.ts'],
  'cli.ts': ['argv/root.ts', 'start.ts', 'start-any.ts', 'io/print.ts'],
  'action.ts': ['main.ts', 'action/step.ts', 'argv/root.ts', 'io'],
  'index.ts': ['library', 'model', 'report/documents', 'argv/root.ts'],
};

/** Files of one name in several rooms that are sides of one thing: its computation, its command, its words. */
const sidesOfOneThing = new Set([
  ...[
    'agenda',
    'audit',
    'apply',
    'config',
    'drift',
    'explain',
    'history',
    'load',
    'next',
    'plan',
    'pull',
    'rename',
    'render',
    'rules',
    'serve',
  ],
  ...[
    'result',
    'settings',
    'show',
    'run-entry',
    'run-policy',
    'standstill',
    'status',
    'switch',
    'tags',
    'validate',
  ],
  // A client and a server of the same thing.
  ...['server-types', 'failure', 'routes', 'wire', 'workflows'],
]);

const mostFiles = 20;

/** The offences of a tree, a line each, sorted. */
export function offencesOf(root) {
  const paths = filesBelow(join(root, 'src'));
  const imports = new Map(paths.map((path) => [path, importsOf(join(root, 'src', path), path)]));
  return [
    ...paths.flatMap((path) => forbidden(path, imports.get(path))),
    ...circles(imports).map((circle) => `circle: ${circle.join(' -> ')}`),
    ...crowded(paths),
    ...namesakes(paths),
  ].sort();
}

function filesBelow(folder, below = '') {
  return readdirSync(join(folder, below)).flatMap((name) => {
    const path = below === '' ? name : `${below}/${name}`;
    if (statSync(join(folder, path)).isDirectory())
      return name === 'generated' ? [] : filesBelow(folder, path);
    return path.endsWith('.ts') ? [path] : [];
  });
}

/** Paths from src/ for files, names for packages. */
function importsOf(file, path) {
  const text = readFileSync(file, 'utf8');
  const found = text.matchAll(
    /^(?:import|export)[^;'"]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm,
  );
  return [...found].map(([, from, bare, late]) => {
    const name = from ?? bare ?? late;
    return name.startsWith('.') ? normalize(join(dirname(path), name)) : name;
  });
}

function roomOf(path) {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : path;
}

function forbidden(path, imported) {
  const room = roomOf(path);
  const allowed = rooms[room];
  if (allowed === undefined) return [`${path}: no room of the import table`];
  return imported
    .filter((name) => roomOf(name) !== room && !allowed.some((rule) => fits(name, rule)))
    .map((name) => `${path}: may not import ${name}`);
}

function fits(name, rule) {
  if (rule === 'schemas') return name.startsWith('../schemas/');
  if (rule.endsWith('*')) return name.startsWith(rule.slice(0, -1));
  return name === rule || name.startsWith(`${rule}/`);
}

/** Each circle once, from its first file: by depth-first search, the way back to a file that is still open. */
function circles(imports) {
  const found = new Map();
  const state = new Map();
  const visit = (path, trail) => {
    state.set(path, 'open');
    for (const next of imports.get(path) ?? []) {
      if (!imports.has(next)) continue;
      if (state.get(next) === 'open') {
        const circle = trail.slice(trail.indexOf(next));
        found.set([...circle].sort().join(), [...circle, next]);
      } else if (!state.has(next)) visit(next, [...trail, next]);
    }
    state.set(path, 'done');
  };
  for (const path of imports.keys()) if (!state.has(path)) visit(path, [path]);
  return [...found.values()];
}

function crowded(paths) {
  return [...grouped(paths, dirname)]
    .filter(([, files]) => files.length > mostFiles)
    .map(([folder, files]) => `${folder}: ${files.length} files, at most ${mostFiles}`);
}

function grouped(items, keyOf) {
  const groups = new Map();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function namesakes(paths) {
  return [...grouped(paths, (path) => basename(path))]
    .filter(([name, files]) => files.length > 1 && !sidesOfOneThing.has(name.replace(/\.ts$/, '')))
    .map(([name, files]) => `${name}: ${files.join(', ')} share a name`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const root = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..'));
  const offences = offencesOf(root);
  console.log(offences.join('\n'));
  if (offences.length > 0) process.exitCode = 1;
}
