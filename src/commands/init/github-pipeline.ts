import type { Reference, StartingPoint } from './starting-point.ts';

/** A path that YAML would read as something else is in quotes. */
const pathLines = (paths: readonly string[]): string =>
  paths
    .map(
      (path) =>
        `      - ${/^[\w./*-]+$/.test(path) && !path.startsWith('*') && !path.startsWith('-') ? path : JSON.stringify(path)}`,
    )
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

/** Where to, and the secrets of the manifests: the same lines in every job. */
function serverLines({ secrets }: StartingPoint, margin: string): string {
  const lines = [
    'env:',
    `  CONDUCTOR_SERVER_URL: \${{ vars.CONDUCTOR_SERVER_URL }}`,
    `  CONDUCTOR_AUTH_KEY: \${{ secrets.CONDUCTOR_AUTH_KEY }}`,
    `  CONDUCTOR_AUTH_SECRET: \${{ secrets.CONDUCTOR_AUTH_SECRET }}`,
    `  # Each \${secret.NAME} of a manifest needs a line here that hands it over.`,
    ...(secrets.length === 0 ? [`  # EXAMPLE_API_KEY: \${{ secrets.EXAMPLE_API_KEY }}`] : []),
    ...secrets.map((name) => `  ${name}: \${{ secrets.${name} }}`),
  ];
  return lines.map((line) => `${margin}${line}\n`).join('');
}

/** What is different with environments, which exist on GitHub by the same names, each with its variables and secrets. */
function partsFor(start: StartingPoint) {
  if (start.environments.length === 0)
    return { ofFile: serverLines(start, ''), ofJob: '', flag: '', input: '', group: '' };
  const job = `    # Each environment has its variables and secrets in the settings of the repository. Where its rules ask for a
    # review, this job waits for it.
    strategy: {fail-fast: false, matrix: {env: [${start.environments.join(', ')}]}}
    environment: \${{ matrix.env }}
${serverLines(start, '    ')}`;
  return {
    ofFile: '',
    ofJob: job,
    flag: ` --env \${{ matrix.env }}`,
    input: `, env: '\${{ matrix.env }}'`,
    group: `-\${{ matrix.env }}`,
  };
}

/** A fork's pull request has no secrets, so there the manifests are compared with the merge base, and no server is asked. */
const commandInPull = `plan \${{ github.event.pull_request.head.repo.full_name != github.repository && format('--base {0}...', github.event.pull_request.base.sha) || '' }}`;

const applyInputs = ({ environments }: StartingPoint): string => `        with:
          command: apply
${environments.length === 0 ? '' : `          env: \${{ matrix.env }}\n`}          # Apply only what the comment on the merged pull request shows, and fail if the server has moved since:
          # require-reviewed: true`;

/** Plans pull requests and applies merges. */
export function githubSchedules(start: StartingPoint): string {
  const { mainBranch, runs, watched } = start;
  const paths = pathLines([...watched, '.github/workflows/schedules.yml']);
  const { ofFile, ofJob, flag, input, group } = partsFor(start);
  const { plan, planRights, applyRights } =
    runs.kind === 'action'
      ? {
          plan: githubSteps(runs, 'plan', `        with: {command: plan${input}}`, checkoutWithHistory),
          planRights: '\n      pull-requests: write # the comment',
          applyRights: '\n      pull-requests: read # require-reviewed',
        }
      : {
          plan: githubSteps(runs, `${commandInPull}${flag}`, '', checkoutWithHistory),
          planRights: '',
          applyRights: '',
        };
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
${ofFile}jobs:
  plan:
    if: github.event_name == 'pull_request'
    runs-on: ubuntu-latest
    # A newer push makes the older plan worthless.
    concurrency: {group: 'schedules-plan-\${{ github.ref }}${group}', cancel-in-progress: true}
${ofJob}    permissions:
      contents: read${planRights}
    steps:
${plan}
  apply:
    if: github.event_name != 'pull_request'
    runs-on: ubuntu-latest
    # One at a time, and none is stopped halfway.
    concurrency: {group: 'schedules-apply${group}', cancel-in-progress: false}
${ofJob}    permissions:
      contents: read${applyRights}
    steps:
${githubSteps(runs, `apply --yes${flag}`, applyInputs(start))}
`;
}

/** Looks for drift every night. */
export function githubDrift(start: StartingPoint): string {
  const { runs } = start;
  const { ofFile, ofJob, flag, input, group } = partsFor(start);
  const [then, right] =
    runs.kind === 'action'
      ? ['One issue is open while it is not.', '\n      issues: write # the issue']
      : ['And did every schedule run? The job fails if not.', ''];
  // The Action has no audit.
  const audit =
    runs.kind === 'action'
      ? ''
      : `
      - if: \${{ !cancelled() }}
        run: npx --yes ${runs.text} audit --exit-code${flag} --output text --output "markdown=$GITHUB_STEP_SUMMARY"`;
  return `# Every night: does the server still match the manifests? ${then}
name: drift
on:
  schedule:
    - cron: '17 5 * * *'
  workflow_dispatch:
permissions: {}
${ofFile}jobs:
  drift:
    runs-on: ubuntu-latest
    concurrency: {group: 'schedules-drift${group}', cancel-in-progress: false}
${ofJob}    permissions:
      contents: read${right}
    steps:
${githubSteps(runs, `drift${flag}`, `        with: {command: drift, issue: true${input}}`)}${audit}
`;
}
