import configSchema from '../../../schemas/config.schema.json' with { type: 'json' };
import defaultsSchema from '../../../schemas/defaults.schema.json' with { type: 'json' };
import policiesSchema from '../../../schemas/policies.schema.json' with { type: 'json' };
import scheduleSchema from '../../../schemas/schedule.schema.json' with { type: 'json' };
import { version } from '../../argv/root.ts';
import { isOwnerName } from '../../manifest/resolve/config.ts';
import { type ExitCode, exitCodes } from '../../model/exit.ts';
import { packageName } from '../../model/generated/package.ts';
import { type ServerType, servedTypes } from '../../model/port.ts';
import { present } from '../../model/present.ts';
import { terminalText } from '../../report/text/escape.ts';
import { done, type Stage, settle } from '../../run/prologue.ts';
import { type FoundCheckout, findCheckout } from '../../run/repository/git.ts';
import type { Files, Run } from '../../run/run.ts';
import type { UsageError } from '../../settings/settings.ts';
import { examplePath, gitlabJobsFile, startingFiles } from './init-files.ts';
import { answerTo, type Question } from './questions.ts';
import { githubFiles, type Pipeline, pipelines, type StartingPoint } from './starting-point.ts';

/** Writes the files that a repository of schedules begins with, and never over one that is there. */
export async function run(run: Run): Promise<ExitCode> {
  const { options, files: disk } = run;
  const found = findCheckout({ readFile: disk.readGit });
  if (found.kind === 'below' && isOfRepository(options.ci))
    return run.refuse({
      message: 'this is not the top of the Git checkout, where CI looks for pipelines',
      hint: 'run it at the top, or here with --ci none for everything but the pipeline',
    });
  const { action } = options;
  if (action !== undefined && !isActionReference(action))
    return run.refuse({
      message: `--action ${action} does not name an Action on GitHub`,
      hint: action.startsWith('YOUR_ORG/')
        ? 'YOUR_ORG stands for the organization or user on GitHub whose repository has the Action'
        : 'write it as OWNER/REPO@REF, the REF being a tag or, safest, a commit',
    });
  const typed = wrongFlags(run);
  if (typed !== undefined) return run.refuse(typed);
  const usual = usualChoices(found, disk);
  const isConfigured = disk.readFile('downbeat.yaml').kind !== 'missing';
  const layout = isConfigured ? configuredLayout(run) : ({ kind: 'done', value: usualLayout } as const);
  if (layout.kind === 'ended') return layout.code;
  const { directory, watched, read } = layout.value;
  const chosen = await choices(run, usual, isConfigured);
  if (chosen === undefined)
    return run.refuse({
      message: 'no answer',
      hint: 'nothing was written; --yes takes the defaults without asking',
    });
  const { pipeline, owner } = chosen;
  if (action !== undefined && pipeline !== 'github')
    return run.refuse({
      message: `--action is for a pipeline on GitHub, and this one is for ${pipeline}`,
      hint: 'leave out --action, or pass --ci github',
    });
  const checkout = found.kind === 'found' ? found.checkout : undefined;
  const secrets = secretNames(disk, read);
  const hasManifests = manifestsIn(disk, directory).length > 0;
  const files = startingFiles({
    ...chosen,
    mainBranch: checkout?.mainBranch ?? 'main',
    directory,
    watched,
    secrets,
    hasManifests,
    runs:
      action === undefined
        ? { kind: 'package', text: `${packageName}@${version}` }
        : { kind: 'action', text: action },
    schemas: {
      schedule: scheduleSchema,
      config: configSchema,
      policies: policiesSchema,
      defaults: defaultsSchema,
    },
  });

  let code: ExitCode = exitCodes.fine;
  const kept = new Set<string>();
  for (const { path, text } of files) {
    const trouble = disk.writeFile(path, text, { over: 'nothing', folders: true });
    if (trouble === undefined) run.print(`created  ${path}\n`);
    if (trouble?.kind === 'exists') {
      kept.add(path);
      run.print(`kept     ${path}  (already exists)\n`);
    }
    if (trouble === undefined || trouble.kind === 'exists') continue;
    run.warn(`error: ${path} could not be written: ${trouble.why}\n`);
    code = exitCodes.error;
  }
  if (code !== exitCodes.fine) return code;
  const included = disk.readFile('.gitlab-ci.yml');
  const includes = included.kind === 'read' && included.text.includes(gitlabJobsFile);
  const asked = owner !== undefined && owner !== usual.owner;
  run.print(
    `\n${nextSteps(chosen, { kept, includes, asked, secrets, example: hasManifests ? undefined : examplePath(directory) }).join('\n')}\n`,
  );
  return code;
}

/** Where things are. */
type RepositoryLayout = Pick<StartingPoint, 'directory' | 'watched'> & {
  /** Directories of manifests and of what is put over them. */
  readonly read: readonly string[];
};

/** Where `init` puts things, and where the documentation has the rest. */
const usualLayout: RepositoryLayout = {
  directory: 'schedules',
  watched: ['downbeat.yaml', 'schedules/**', 'overlays/**', 'policies.yaml', 'workflows/**', 'calendars/**'],
  read: ['schedules', 'overlays'],
};

/** As the configuration that is there has it. */
function configuredLayout(run: Run): Stage<RepositoryLayout> {
  const settled = settle(run, { command: 'validate', options: {} });
  if (settled.kind === 'ended') return settled;
  const { config, noManifests } = settled.value;
  const { directory, calendars = {} } = config;
  const others = noManifests.filter((path) => path !== config.file);
  const files = Object.values(calendars).flatMap(({ file }) => (file === undefined ? [] : [file]));
  const pattern = (path: string): string =>
    run.files.readTree(path, []).kind === 'read' || !/\.\w+$/.test(path) ? `${path}/**` : path;
  const all = ['downbeat.yaml', `${directory}/**`, ...[...others, ...files].map(pattern)];
  return done({ directory, watched: [...new Set(all)], read: [directory, ...others] });
}

/** Pipelines that are looked for at the top of a checkout; cron finds its script anywhere. */
function isOfRepository(pipeline: Pipeline | undefined): boolean {
  return pipeline !== 'none' && pipeline !== 'cron';
}

type Choices = Pick<StartingPoint, 'pipeline' | 'owner' | 'serverType' | 'environments'>;

/** The defaults. */
function usualChoices(found: FoundCheckout, disk: Files): Choices {
  return { pipeline: pipelineOf(found, disk), environments: [], ...present({ owner: ownerOf(found) }) };
}

/** What was typed as a flag, else answered, else usual; undefined when somebody was asked and gave no answer. */
async function choices(run: Run, usual: Choices, isConfigured: boolean): Promise<Choices | undefined> {
  const { ci, owner, serverType, environment, autoApprove } = run.options;
  const asks = run.terminal.in && autoApprove !== true;
  const choose = <T>(flag: T | undefined, question: Question<T>): Promise<T | undefined> => {
    if (flag !== undefined) return Promise.resolve(flag);
    if (asks) return answerTo(run, question);
    const read = question.read(question.usual);
    return Promise.resolve(read.ok ? read.value : undefined);
  };
  const pipeline = await choose(ci, ciQuestion(usual.pipeline));
  if (pipeline === undefined) return undefined;
  // A configuration that is there says the rest.
  if (isConfigured) return { ...usual, pipeline, ...present({ owner }), environments: environment ?? [] };
  const own = await choose(owner, ownerQuestion(usual.owner ?? nobody));
  const type = own === undefined ? undefined : await choose(serverType, typeQuestion);
  const names = type === undefined ? undefined : await choose(environment, environmentQuestion);
  if (own === undefined || type === undefined || names === undefined) return undefined;
  return {
    pipeline,
    environments: names,
    ...(own === nobody ? {} : { owner: own }),
    ...(type === 'auto' ? {} : { serverType: type }),
  };
}

// No name of an owner.
const nobody = '-';

const ciQuestion = (usual: Pipeline): Question<Pipeline> => ({
  words: `CI (${pipelines.join(', ')})`,
  usual,
  read: (text) => oneOf(pipelines, text),
});
const typeQuestion: Question<'auto' | ServerType> = {
  words: `Server type (auto finds it out; ${servedTypes.join(', ')})`,
  usual: 'auto',
  read: (text) => oneOf(['auto', ...servedTypes] as const, text),
};
const ownerQuestion = (usual: string): Question<string> => ({
  words: `Owner of these schedules, a team or repository (${nobody} = none; then nothing is ever deleted)`,
  usual,
  read: (text) =>
    text === nobody || isOwnerName(text)
      ? { ok: true, value: text }
      : { ok: false, why: 'An owner has letters, digits and . _ - /, as in payments-platform.' },
});
const environmentQuestion: Question<readonly string[]> = {
  words: 'Environments with servers of their own, as in staging, production (none = one server)',
  usual: 'none',
  read: (text) => {
    const names = text === 'none' ? [] : text.split(/[\s,]+/).filter((name) => name !== '');
    const wrong = names.find((name) => !isEnvironmentName(name));
    return wrong === undefined
      ? { ok: true, value: [...new Set(names)] }
      : { ok: false, why: `${JSON.stringify(wrong)} is not a name: use letters, digits, _ and -.` };
  },
};

function oneOf<T extends string>(
  known: readonly T[],
  text: string,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string } {
  const value = known.find((one) => one === text.toLowerCase());
  return value === undefined ? { ok: false, why: `Type one of ${known.join(', ')}.` } : { ok: true, value };
}

/** A name that is safe in YAML, a shell and GitHub alike. */
function isEnvironmentName(name: string): boolean {
  return /^[A-Za-z][\w-]{0,63}$/.test(name);
}

/** What was typed and cannot be written into the files. */
function wrongFlags({ options: { owner, environment = [] } }: Run): UsageError | undefined {
  if (owner !== undefined && !isOwnerName(owner))
    return {
      message: `--owner ${JSON.stringify(owner)} is not a valid name`,
      hint: 'use letters, digits and . _ - /, as in payments-platform',
    };
  const wrong = environment.find((name) => !isEnvironmentName(name));
  return wrong === undefined
    ? undefined
    : {
        message: `--environment ${JSON.stringify(wrong)} is not a valid name`,
        hint: 'use letters, digits, _ and -',
      };
}

/** The secrets that manifests which are there refer to: the pipeline hands them over. */
function secretNames(disk: Files, directories: readonly string[]): readonly string[] {
  const names = directories
    .flatMap((directory) => manifestsIn(disk, directory))
    .flatMap((text) =>
      [...text.replace(/^[ \t]*#.*$/gm, '').matchAll(/(?<!\$)\$\{secret\.([A-Za-z_]\w*)\}/g)].map(
        ([, name = '']) => name,
      ),
    );
  return [...new Set(names)].sort();
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

function nextSteps(
  { pipeline, owner, environments: [environment] }: Choices,
  {
    kept,
    includes,
    asked,
    secrets,
    example,
  }: {
    readonly kept: ReadonlySet<string>;
    /** The pipeline that is there has our jobs. */
    readonly includes: boolean;
    /** Somebody named the owner. */
    readonly asked: boolean;
    /** Names of those that manifests refer to. */
    readonly secrets: readonly string[];
    /** The manifest that was written as an example. */
    readonly example: string | undefined;
  },
): readonly string[] {
  const flag = environment === undefined ? '' : ` --env ${environment}`;
  const where = environment === undefined ? 'the repository' : 'the repository, for each environment';
  return [
    ...(kept.has('downbeat.yaml') || asked
      ? []
      : owner === undefined
        ? [
            'No owner found in a Git remote: set `owner` in downbeat.yaml. Without it nothing is ever deleted, and on a shared',
            'server nothing shows which schedules are yours: another repository can change them, and this one theirs.',
          ]
        : [`owner: ${terminalText(owner)}, from the Git remote; change it in downbeat.yaml if you like.`]),
    ...(kept.has('.gitlab-ci.yml') && !includes ? [`Include ${gitlabJobsFile} in your .gitlab-ci.yml.`] : []),
    ...(pipeline === 'github' || pipeline === 'gitlab'
      ? [
          `In the settings of ${where}: CONDUCTOR_SERVER_URL${pipeline === 'github' ? ' as a variable' : ''},`,
          'CONDUCTOR_AUTH_KEY and CONDUCTOR_AUTH_SECRET as secrets if your server asks for them.',
        ]
      : []),
    ...(pipeline === 'cron' ? ['nightly.sh says where it reads the server and credentials from.'] : []),
    ...(secrets.length === 0 ? [] : secretSteps(secrets, pipeline, kept, where)),
    '',
    'Next, with the same variables set here:',
    `  downbeat pull --unmanaged${flag}   # write manifests for what the server has${example === undefined ? '' : `; then delete ${example}`}`,
    `  downbeat validate${flag}           # check them, offline`,
    `  downbeat plan${flag}               # see what apply would do`,
  ];
}

function manifestsIn(disk: Files, directory: string): readonly string[] {
  const read = disk.readTree(directory, ['.yaml', '.yml', '.json']);
  return read.kind === 'read' ? read.files.map(({ text }) => text) : [];
}

/** The secrets that the manifests take, and the files that were there before and have to hand them over. */
function secretSteps(
  secrets: readonly string[],
  pipeline: Pipeline,
  kept: ReadonlySet<string>,
  where: string,
): readonly string[] {
  const files = pipeline === 'github' ? githubFiles.filter((path) => kept.has(path)) : [];
  const isHosted = pipeline === 'github' || pipeline === 'gitlab';
  return [
    `${isHosted ? `As secrets of ${where}, for the manifests` : 'For the manifests, as environment variables'}: ${secrets.join(', ')}.`,
    ...(files.length === 0
      ? []
      : [`Check that ${files.join(' and ')} ${files.length === 1 ? 'hands' : 'hand'} each of them over.`]),
  ];
}
