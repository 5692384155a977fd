// Refuses a release under a name, home or version that is not ours to take. Prints the version for the workflow's later jobs.
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** `OWNER/REPOSITORY` of `github:…` or of an address on GitHub. */
const homeOf = (text) => /^(?:github:|.*github\.com[/:])([^/]+\/[^/]+?)(?:\.git)?$/.exec(text)?.[1];

// Typed, and its arguments told, in release.d.mts.
export function troubles(manifest, repository, published, tags) {
  const { name, version } = manifest;
  const home = homeOf(manifest.repository) ?? '';
  const tag = `v${version}`;
  return [
    ...(/^[a-z\d]+(?:-[a-z\d]+)*\/[\w.-]+$/i.test(home)
      ? []
      : [`package.json: repository "${manifest.repository}" is no home on GitHub; fill in OWNER/REPOSITORY`]),
    ...(home === repository ? [] : [`package.json names ${home}, and this is ${repository}`]),
    ...(/^\d+\.\d+\.\d+$/.test(version) ? [] : [`${version} is not a version to release`]),
    ...(published !== undefined && homeOf(published.home) !== home
      ? [`the npm name ${name} belongs to ${homeOf(published.home) ?? 'somebody else'}`]
      : []),
    ...(published?.versions.includes(version) ? [`${name}@${version} is published already`] : []),
    ...(tags.includes(tag) ? [`the tag ${tag} exists, and is never moved`] : []),
  ];
}

/** What npm has under a name: absent only when npm itself says that there is nothing. */
function publishedAs(name) {
  const { status, stdout } = spawnSync('npm', ['view', name, 'versions', 'repository.url', '--json'], {
    encoding: 'utf8',
  });
  const answer = JSON.parse(stdout);
  if (answer.error?.code === 'E404') return undefined;
  if (status !== 0) throw new Error(`npm cannot say who has ${name}: ${stdout}`);
  return { home: answer['repository.url'] ?? '', versions: [answer.versions].flat() };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const { GITHUB_REPOSITORY = '', GITHUB_OUTPUT } = process.env;
  const tags = execFileSync('git', ['ls-remote', '--tags', `https://github.com/${GITHUB_REPOSITORY}`], {
    encoding: 'utf8',
  });
  const names = [...tags.matchAll(/refs\/tags\/(\S+?)(?:\^\{\})?$/gm)].map(([, name]) => name);
  const found = troubles(manifest, GITHUB_REPOSITORY, publishedAs(manifest.name), names);
  for (const one of found) console.error(`error: ${one}`);
  if (found.length > 0) process.exitCode = 1;
  else if (GITHUB_OUTPUT) appendFileSync(GITHUB_OUTPUT, `version=${manifest.version}\n`);
}
