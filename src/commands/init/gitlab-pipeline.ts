import type { StartingPoint } from './starting-point.ts';

/** Jobs that review and plan merge requests, apply merges, and look for drift. */
export function gitlabJobs({ environments, secrets, runs: { text } }: StartingPoint): string {
  const isMany = environments.length > 0;
  const flag = isMany ? ' --env "$SCHEDULES_ENV"' : '';
  const of = (action: string): string =>
    isMany
      ? `  parallel: {matrix: [{SCHEDULES_ENV: [${environments.join(', ')}]}]}
  environment: {name: $SCHEDULES_ENV, action: ${action}}
`
      : '';
  // A variable of an environment is not known yet where rules are judged.
  const hasServer = isMany
    ? '$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID'
    : '$CONDUCTOR_SERVER_URL';
  const named = secrets.length === 0 ? '' : `\n# Now: ${secrets.join(', ')}.`;
  return `# A merge request shows what merging it would do; the merge does it; a pipeline schedule looks for drift.
# Set CONDUCTOR_SERVER_URL and, if your server asks for them, CONDUCTOR_AUTH_KEY and CONDUCTOR_AUTH_SECRET as masked
# CI/CD variables${isMany ? ', for each environment' : ''}.
# The value of each \${secret.NAME} of the manifests is a masked variable NAME, too: jobs have it without a line here.${named}
.downbeat:
  image: node:24
  variables: {NO_COLOR: '1'}

# What the merge request changes over its merge base: without a server or secrets.
schedules:review:
  extends: .downbeat
${isMany ? `  parallel: {matrix: [{SCHEDULES_ENV: [${environments.join(', ')}]}]}\n` : ''}  variables: {GIT_DEPTH: '0'} # the merge base is older than the newest commit
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  script:
    - npx --yes ${text} plan --base "$CI_MERGE_REQUEST_DIFF_BASE_SHA"${flag} --output text --output json=review.json
  artifacts:
    when: always
    paths: [review.json]

# What it would change on the server; a fork's pipeline does not have the variables for it.
schedules:plan:
  extends: .downbeat
${of('prepare')}  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event" && ${hasServer}
  script:
    - npx --yes ${text} plan${flag} --output text --output json=plan.json
  artifacts:
    when: always
    paths: [plan.json]

schedules:apply:
  extends: .downbeat
${of('start')}  # One at a time.
  resource_group: schedules${isMany ? '-$SCHEDULES_ENV' : ''}
  rules:
    - if: $CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - npx --yes ${text} apply --yes${flag}

schedules:drift:
  extends: .downbeat
${of('verify')}  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule"
  script:
    - npx --yes ${text} drift${flag}
`;
}

/** A pipeline of nothing but these jobs. */
export function gitlabInclude(path: string): string {
  return `include:
  - local: ${path}
`;
}
