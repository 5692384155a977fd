import configSchema from '../../../schemas/config.schema.json' with { type: 'json' };
import scheduleSchema from '../../../schemas/schedule.schema.json' with { type: 'json' };
import { version } from '../../argv/root.ts';
import { type ExitCode, exitCodes } from '../../model/exit.ts';
import { packageName } from '../../model/generated/package.ts';
import { present } from '../../model/present.ts';
import { terminalText } from '../../report/text/escape.ts';
import { type FoundCheckout, findCheckout } from '../../run/repository/git.ts';
import type { Files, Run } from '../../run/run.ts';
import { gitlabJobsFile, type Pipeline, startingFiles } from './init-files.ts';

/** Writes the files that a repository of schedules begins with, and never over one that is there. */
export async function run(run: Run): Promise<ExitCode> {
  const { options, files: disk } = run;
  const found = findCheckout({ readFile: disk.readGit });
  if (found.kind === 'below' && options.ci !== 'none')
    return run.refuse({
      message: 'this is not the top of the Git checkout, where pipelines are looked for',
      hint: 'run it at the top, or here with --ci none for everything but the pipeline',
    });
  const pipeline = options.ci ?? pipelineOf(found, disk);
  const { action } = options;
  if (action !== undefined && !isActionReference(action))
    return run.refuse({
      message: `--action ${action} does not name an Action on GitHub`,
      hint: 'write it as OWNER/REPO@REF, the REF being a tag or, safest, a commit',
    });
  if (action !== undefined && pipeline !== 'github')
    return run.refuse({
      message: `--action is for a pipeline on GitHub, and this one is for ${pipeline}`,
      hint: 'leave out --action, or pass --ci github',
    });
  const checkout = found.kind === 'found' ? found.checkout : undefined;
  const owner = ownerOf(found);
  const files = startingFiles({
    ...present({ owner }),
    mainBranch: checkout?.mainBranch ?? 'main',
    pipeline,
    runs:
      action === undefined
        ? { kind: 'package', text: `${packageName}@${version}` }
        : { kind: 'action', text: action },
    schemas: { schedule: scheduleSchema, config: configSchema },
  });

  let code: ExitCode = exitCodes.fine;
  const kept = new Set<string>();
  for (const { path, text } of files) {
    const trouble = disk.writeFile(path, text, { over: 'nothing', folders: true });
    if (trouble === undefined) run.print(`created  ${path}\n`);
    if (trouble?.kind === 'exists') {
      kept.add(path);
      run.print(`kept     ${path}  (it is there already)\n`);
    }
    if (trouble === undefined || trouble.kind === 'exists') continue;
    run.warn(`error: ${path} could not be written: ${trouble.why}\n`);
    code = exitCodes.error;
  }
  if (code !== exitCodes.fine) return code;
  const included = disk.readFile('.gitlab-ci.yml');
  const includes = included.kind === 'read' && included.text.includes(gitlabJobsFile);
  run.print(`\n${nextSteps({ pipeline, owner, kept, includes }).join('\n')}\n`);
  return code;
}

/** GitHub's own rule for names: an owner holds letters, digits and single hyphens. */
function isActionReference(text: string): boolean {
  return /^[a-z\d]+(?:-[a-z\d]+)*\/[\w.-]+@[\w.][\w./-]*$/i.test(text);
}

/** The repository's name, where it can be an owner's. */
function ownerOf(found: FoundCheckout): string | undefined {
  const path = found.kind === 'found' ? found.checkout.remote?.path : undefined;
  return path !== undefined && new RegExp(configSchema.$defs.config.properties.owner.pattern).test(path)
    ? path
    : undefined;
}

function pipelineOf(found: FoundCheckout, disk: Files): Pipeline {
  const host = found.kind === 'found' ? (found.checkout.remote?.host ?? '') : '';
  const hasGitlab = disk.readFile('.gitlab-ci.yml').kind !== 'missing';
  return host.includes('gitlab') || (hasGitlab && !host.includes('github')) ? 'gitlab' : 'github';
}

function nextSteps({
  pipeline,
  owner,
  kept,
  includes,
}: {
  readonly pipeline: Pipeline;
  readonly owner: string | undefined;
  readonly kept: ReadonlySet<string>;
  /** The pipeline that is there has our jobs. */
  readonly includes: boolean;
}): readonly string[] {
  return [
    ...(kept.has('downbeat.yaml')
      ? []
      : owner === undefined
        ? [
            'No Git remote says whose schedules these are: set `owner` in downbeat.yaml, or nothing is ever deleted.',
          ]
        : [`owner: ${terminalText(owner)}, from the Git remote; change it in downbeat.yaml if you like.`]),
    ...(kept.has('.gitlab-ci.yml') && !includes ? [`Include ${gitlabJobsFile} in your .gitlab-ci.yml.`] : []),
    ...(pipeline === 'none'
      ? []
      : [
          `In the settings of the repository: CONDUCTOR_SERVER_URL${pipeline === 'github' ? ' as a variable' : ''},`,
          'CONDUCTOR_AUTH_KEY and CONDUCTOR_AUTH_SECRET as secrets if your server asks for them.',
        ]),
    'Then: downbeat validate, and downbeat plan.',
  ];
}
