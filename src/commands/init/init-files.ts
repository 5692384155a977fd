import type { Json } from '../../model/json.ts';

export type Pipeline = 'github' | 'gitlab' | 'none';

export type Reference = { readonly kind: 'action' | 'package'; readonly text: string };

export interface StartingPoint {
  /** Absent = nobody knows. */
  readonly owner?: string;
  readonly mainBranch: string;
  readonly pipeline: Pipeline;
  /** What the pipeline runs: the Action as `OWNER/REPO@REF`, or the npm package as `NAME@VERSION`. */
  readonly runs: Reference;
  readonly schemas: { readonly schedule: Json; readonly config: Json };
}

export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/** Where the jobs are that `.gitlab-ci.yml` includes. */
export const gitlabJobsFile = '.gitlab/downbeat.yml';

/** The files that a repository of schedules begins with. */
export function startingFiles(start: StartingPoint): readonly NewFile[] {
  const { mainBranch, pipeline, runs, schemas } = start;
  return [
    { path: 'downbeat.yaml', text: configuration(start) },
    { path: 'schedules/example.yaml', text: example },
    { path: '.downbeat/schedule.schema.json', text: `${JSON.stringify(schemas.schedule, null, 2)}\n` },
    { path: '.downbeat/config.schema.json', text: `${JSON.stringify(schemas.config, null, 2)}\n` },
    ...(pipeline === 'github'
      ? [
          { path: '.github/workflows/schedules.yml', text: githubSchedules(mainBranch, runs) },
          { path: '.github/workflows/drift.yml', text: githubDrift(runs) },
        ]
      : []),
    ...(pipeline === 'gitlab'
      ? [
          { path: gitlabJobsFile, text: gitlabJobs(runs) },
          { path: '.gitlab-ci.yml', text: gitlabInclude },
        ]
      : []),
  ];
}

function configuration({ owner }: StartingPoint): string {
  return `# yaml-language-server: $schema=.downbeat/config.schema.json
# Everything here is optional; \`downbeat config\` prints what is in force and where it comes from.

# The server; CONDUCTOR_SERVER_URL in the environment has precedence. Credentials come from the environment alone.
# server: {url: https://conductor.example.com/api}

manifests: schedules

# The schedules of this repository carry this mark on the server, so that no other repository touches them.
${owner === undefined ? '# owner: my-team' : `owner: ${owner}`}

# Delete the schedules that carry the mark and have no manifest any more; --prune does it once.
prune: false
`;
}

const example = `# yaml-language-server: $schema=../.downbeat/schedule.schema.json
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

const paths = ['downbeat.yaml', 'overlays/**', 'schedules/**', '.github/workflows/schedules.yml']
  .map((path) => `      - ${path}`)
  .join('\n');

const checkout = `      - uses: actions/checkout@v5
        with: {persist-credentials: false}`;

/** A fork's pull request is compared with its merge base, which is older than the newest commit. */
const checkoutWithHistory = `      - uses: actions/checkout@v5
        with: {persist-credentials: false, fetch-depth: 0}`;

/** The steps of a job on GitHub: with the Action, or with the package, whose report goes to the summary of the job. */
function githubSteps({ kind, text }: Reference, command: string, inputs: string, source = checkout): string {
  return kind === 'action'
    ? `${source}
      - uses: ${text}
${inputs}`
    : `${source}
      - uses: actions/setup-node@v5
        with: {node-version: 24}
      - run: npx --yes ${text} ${command} --output text --output github --output "markdown=$GITHUB_STEP_SUMMARY"`;
}

// Where to: the same lines in every job.
const githubServer = `env:
  CONDUCTOR_SERVER_URL: \${{ vars.CONDUCTOR_SERVER_URL }}
  CONDUCTOR_AUTH_KEY: \${{ secrets.CONDUCTOR_AUTH_KEY }}
  CONDUCTOR_AUTH_SECRET: \${{ secrets.CONDUCTOR_AUTH_SECRET }}`;

/** A fork's pull request has no secrets, so there the manifests are compared with the merge base, and no server is asked. */
const commandInPull = `plan \${{ github.event.pull_request.head.repo.full_name != github.repository && format('--base {0}...', github.event.pull_request.base.sha) || '' }}`;

const applyInputs = `        with:
          command: apply
          # Apply only what the comment on the merged pull request shows, and fail if the server has moved since:
          # require-reviewed: true`;

function githubSchedules(mainBranch: string, runs: Reference): string {
  const { plan, planRights, applyRights } =
    runs.kind === 'action'
      ? {
          plan: githubSteps(runs, 'plan', '        with: {command: plan}', checkoutWithHistory),
          planRights: '\n      pull-requests: write # the comment',
          applyRights: '\n      pull-requests: read # require-reviewed',
        }
      : { plan: githubSteps(runs, commandInPull, '', checkoutWithHistory), planRights: '', applyRights: '' };
  return `# A pull request shows what merging it would do; the merge does it.
# Set the variable CONDUCTOR_SERVER_URL and, if your server asks for them, the secrets CONDUCTOR_AUTH_KEY and
# CONDUCTOR_AUTH_SECRET in the settings of the repository.
name: schedules
on:
  pull_request:
    paths:
${paths}
  push:
    branches: [${mainBranch}]
    paths:
${paths}
  workflow_dispatch: # apply by hand, as after a failure
permissions: {}
${githubServer}
jobs:
  plan:
    if: github.event_name == 'pull_request'
    runs-on: ubuntu-latest
    # A newer push makes the older plan worthless.
    concurrency: {group: 'schedules-plan-\${{ github.ref }}', cancel-in-progress: true}
    permissions:
      contents: read${planRights}
    steps:
${plan}
  apply:
    if: github.event_name != 'pull_request'
    runs-on: ubuntu-latest
    # One at a time, and none is stopped halfway.
    concurrency: {group: schedules-apply, cancel-in-progress: false}
    permissions:
      contents: read${applyRights}
    steps:
${githubSteps(runs, 'apply --auto-approve', applyInputs)}
`;
}

function githubDrift(runs: Reference): string {
  const [then, right] =
    runs.kind === 'action'
      ? ['One issue is open while it is not.', '\n      issues: write # the issue']
      : ['The job fails while it is not.', ''];
  return `# Every night: is the server still as the manifests say? ${then}
name: drift
on:
  schedule:
    - cron: '17 5 * * *'
  workflow_dispatch:
permissions: {}
${githubServer}
jobs:
  drift:
    runs-on: ubuntu-latest
    concurrency: {group: schedules-drift, cancel-in-progress: false}
    permissions:
      contents: read${right}
    steps:
${githubSteps(runs, 'drift', '        with: {command: drift, issue: true}')}
`;
}

function gitlabJobs({ text }: Reference): string {
  return `# A merge request shows what merging it would do; the merge does it; a pipeline schedule looks for drift.
# Set CONDUCTOR_SERVER_URL and, if your server asks for them, CONDUCTOR_AUTH_KEY and CONDUCTOR_AUTH_SECRET as masked
# CI/CD variables.
.downbeat:
  image: node:24
  variables: {NO_COLOR: '1'}

# What the merge request changes over its merge base: without a server or secrets.
schedules:review:
  extends: .downbeat
  variables: {GIT_DEPTH: '0'} # the merge base is older than the newest commit
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  script:
    - npx --yes ${text} plan --base "$CI_MERGE_REQUEST_DIFF_BASE_SHA" --output text --output json=review.json
  artifacts:
    when: always
    paths: [review.json]

# What it would change on the server; a fork's pipeline does not have the variables for it.
schedules:plan:
  extends: .downbeat
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event" && $CONDUCTOR_SERVER_URL
  script:
    - npx --yes ${text} plan --output text --output json=plan.json
  artifacts:
    when: always
    paths: [plan.json]

schedules:apply:
  extends: .downbeat
  # One at a time.
  resource_group: schedules
  rules:
    - if: $CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - npx --yes ${text} apply --auto-approve

schedules:drift:
  extends: .downbeat
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule"
  script:
    - npx --yes ${text} drift
`;
}

const gitlabInclude = `include:
  - local: ${gitlabJobsFile}
`;
