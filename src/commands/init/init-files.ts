import { cronScript } from './cron-script.ts';
import { githubDrift, githubSchedules } from './github-pipeline.ts';
import { gitlabInclude, gitlabJobs } from './gitlab-pipeline.ts';
import { githubFiles, type StartingPoint } from './starting-point.ts';

export type NewFile = { readonly path: string; readonly text: string };

/** Where the jobs are that `.gitlab-ci.yml` includes. */
export const gitlabJobsFile = '.gitlab/downbeat.yml';

/** The files that a repository of schedules begins with. */
export function startingFiles(start: StartingPoint): readonly NewFile[] {
  const { pipeline, schemas, directory } = start;
  return [
    { path: 'downbeat.yaml', text: configuration(start) },
    ...(start.hasManifests ? [] : [{ path: examplePath(directory), text: example(directory) }]),
    ...Object.entries(schemas).map(([name, schema]) => ({
      path: `.downbeat/${name}.schema.json`,
      text: `${JSON.stringify(schema, null, 2)}\n`,
    })),
    ...(pipeline === 'github'
      ? [
          { path: githubFiles[0], text: githubSchedules(start) },
          { path: githubFiles[1], text: githubDrift(start) },
        ]
      : []),
    ...(pipeline === 'gitlab'
      ? [
          { path: gitlabJobsFile, text: gitlabJobs(start) },
          { path: '.gitlab-ci.yml', text: gitlabInclude(gitlabJobsFile) },
        ]
      : []),
    ...(pipeline === 'cron' ? [{ path: 'nightly.sh', text: cronScript(start) }] : []),
  ];
}

/** The first manifest, where there is none. */
export function examplePath(directory: string): string {
  return `${directory}/example.yaml`;
}

function configuration({ owner, serverType, environments, directory }: StartingPoint): string {
  return `# yaml-language-server: $schema=.downbeat/config.schema.json
# Everything here is optional; \`downbeat config\` prints what is in force and where it comes from.

# The server; CONDUCTOR_SERVER_URL in the environment has precedence. Credentials come only from the environment.
${serverType === undefined ? '# server: {url: https://conductor.example.com/api}' : `server:\n  # url: https://conductor.example.com/api\n  type: ${serverType}`}

manifests: ${directory}

# The schedules of this repository carry this mark on the server, so that no other repository touches them.
${owner === undefined ? '# owner: my-team' : `owner: ${owner}`}

# Delete the schedules that carry the mark and have no manifest any more; --prune does it once.
prune: false

# What every schedule must keep to; the first line of that file helps editors:
#   # yaml-language-server: $schema=.downbeat/policies.schema.json
# policies: policies.yaml
${environments.length === 0 ? '' : environmentsText(environments)}`;
}

function environmentsText(names: readonly string[]): string {
  const entries = names.map(
    (name) => `  ${name}:
    # server: {url: https://${name}.example.com/api}
    variables: {} # for \${var.NAME} in manifests
`,
  );
  return `
# Pick one with --env. What differs is said here, or by merge patches in a directory of overlays.
environments:
${entries.join('')}`;
}

const example = (
  directory: string,
): string => `# yaml-language-server: $schema=${upFrom(directory)}.downbeat/schedule.schema.json
# An example that never fires: it is paused. Change it into your own, or delete it once you have another.
name: example_nightly                     # required, unique on the server
description: Copy me
cronExpression: "0 30 3 * * ?"            # Spring cron, six fields: second minute hour day month weekday
zoneId: Europe/Berlin                     # the zone of these hours; left out = UTC
startWorkflowRequest:
  name: example_workflow                  # required: the workflow to start
  # version: 1                            # left out = the latest when it fires
  input:
    source: schedule
    # apiKey: "\${secret.EXAMPLE_API_KEY}" # from the environment, never shown
paused: true                              # left out = whatever the server says
pausedReason: an example of downbeat init
# tags: {team: my-team}                   # left out = whatever the server says
# lifecycle: {protect: true}              # never delete it, also after this file is gone
`;

/** From a directory to the working directory. */
function upFrom(directory: string): string {
  return directory
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .map(() => '../')
    .join('');
}
