// npm runs this where the package is installed from Git, as pre-commit does, and packs what is there afterwards: dist/ is
// not in Git. It runs for `npm ci` in a checkout too, where nothing is to be built.
import { spawnSync } from 'node:child_process';

if (process.env._PACOTE_NO_PREPARE_ !== undefined || /[\\/]git-clone/.test(process.cwd())) {
  // Under `npm install -g` npm does not install what the build needs.
  Object.assign(process.env, { npm_config_global: 'false', npm_config_location: 'project' });
  const npm = process.env.npm_execpath ?? 'npm';
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--include=dev'];
  const { status } = spawnSync(process.execPath, [npm, ...args], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  await import('./build.mjs');
}
