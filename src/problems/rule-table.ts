import type { DiagnosticCode } from './diagnostic.ts';
import { judgements, type Rule } from './rule-meanings.ts';
import type { RuleCode } from './rules.ts';

const errors: { readonly [C in Exclude<DiagnosticCode, RuleCode>]: Rule } = {
  usage: { severity: 'error', means: 'flags, arguments or variables that cannot be used, alone or together' },
  'no-directory': { severity: 'error', means: 'the directory is not there' },
  'not-a-directory': { severity: 'error', means: 'a file was named where a directory is meant' },
  unreadable: {
    severity: 'error',
    means: 'a file or folder below the directory cannot be read, or is no UTF-8 text',
  },
  'no-manifests': { severity: 'error', means: 'there is not a single manifest, and no `--allow-empty`' },
  'json-syntax': { severity: 'error', means: 'a `.json` file is not strict JSON' },
  'yaml-syntax': { severity: 'error', means: 'the text is not YAML' },
  'tab-indent': { severity: 'error', means: 'a tab in the indentation' },
  'unquoted-value': {
    severity: 'error',
    means: "a plain value begins with a character of YAML's own, such as `@daily` or `* * * * * *`",
  },
  'unquoted-colon': { severity: 'error', means: 'a plain value has a colon and a blank in it' },
  'unquoted-reference': { severity: 'error', means: `\`\${…}\` without quotes inside of brackets` },
  'colon-without-blank': { severity: 'error', means: '`key:value` without a blank is one text' },
  'template-braces': { severity: 'error', means: 'an unquoted `{{ … }}` of some template engine' },
  'unclosed-quote': { severity: 'error', means: 'a quote that never ends' },
  'bad-escape': { severity: 'error', means: 'an escape that does not exist inside double quotes' },
  'control-character': { severity: 'error', means: 'a control character that YAML does not allow' },
  'lone-surrogate': { severity: 'error', means: 'half of a surrogate pair, which has no UTF-8' },
  'unknown-tag': { severity: 'error', means: 'a YAML tag such as `!secret`; only plain values are read' },
  'unknown-alias': { severity: 'error', means: '`*name` without an `&name` before it' },
  'alias-loop': { severity: 'error', means: 'an alias inside of what it stands for' },
  'alias-bomb': { severity: 'error', means: 'aliases of aliases that stand for too many values' },
  'too-deep': { severity: 'error', means: 'nested deeper than anybody writes' },
  'bad-merge': { severity: 'error', means: '`<<` with something else than a mapping' },
  'duplicate-key': { severity: 'error', means: 'a key twice in one mapping' },
  'number-range': { severity: 'error', means: 'a number that no JSON can hold' },
  'cut-by-comment': { severity: 'error', means: '` #` in a plain value begins a comment and cuts it off' },
  'not-a-manifest': { severity: 'error', means: 'a document that is no mapping' },
  'unknown-key': { severity: 'error', means: 'a field that does not exist; the nearest one is named' },
  'server-field': { severity: 'error', means: 'a field that only the server sets, such as `createTime`' },
  'missing-key': { severity: 'error', means: 'a required field is not there' },
  'wrong-type': { severity: 'error', means: "a value of another type than the field's" },
  'wrong-value': { severity: 'error', means: 'a value that the field cannot have' },
  'bad-time': {
    severity: 'error',
    means: 'neither ISO 8601 with an offset nor epoch milliseconds, or no such day',
  },
  'not-a-config': { severity: 'error', means: 'a configuration file that is no mapping' },
  'reference-in-config': {
    severity: 'error',
    means: `\`\${var.…}\` in the configuration, outside of \`defaults\``,
  },
  'bad-server-url': { severity: 'error', means: "a server's URL in the configuration that is none" },
  'credentials-in-config': {
    severity: 'error',
    means: "a server's URL with a user or password in the configuration",
  },
  'no-overlays': { severity: 'error', means: "the environment's directory of overlays is not there" },
  'unknown-overlay': { severity: 'error', means: 'an overlay for a name that no manifest has' },
  'two-overlays': { severity: 'error', means: 'two overlays for one name' },
  'ignored-name': { severity: 'error', means: 'a manifest with a name that `ignore` covers' },
  'bad-reference': {
    severity: 'error',
    means: `\`\${var.…}\`, \`\${env.…}\` or \`\${secret.…}\` without a proper name`,
  },
  'undefined-variable': {
    severity: 'error',
    means: 'a variable that neither the environment nor `--var` defines',
  },
  'undefined-env': { severity: 'error', means: 'an environment variable that is not set' },
  'undefined-secret': { severity: 'error', means: 'a secret that is not set or empty' },
  'refused-name': {
    severity: 'error',
    means:
      'an environment variable of the pipeline, a credential behind `env.`, or any of either on `pull_request_target`',
  },
  'secret-outside-input': { severity: 'error', means: "a secret elsewhere than in the workflow's input" },
  'duplicate-name': { severity: 'error', means: 'two manifests for one schedule' },
  'bad-name': {
    severity: 'error',
    means: 'a name that the server stores and then cannot reach, or never fires',
  },
  'no-cron': { severity: 'error', means: 'neither `cronExpression` nor `cronSchedules`' },
  'two-crons': { severity: 'error', means: 'both of them; the server would read the second alone' },
  'bad-cron': { severity: 'error', means: 'a cron expression that the server stores and never runs' },
  'runaway-cron': {
    severity: 'error',
    means: '`L-28` and beyond, which Spring answers with moments in the past',
  },
  'bad-zone': { severity: 'error', means: "a zone that the server's Java does not know" },
  'unknown-rule': { severity: 'error', means: 'a comment allows what is no rule' },
  'allowance-without-reason': { severity: 'error', means: 'a comment allows a rule and does not say why' },
  'end-at-zero': { severity: 'error', means: '`scheduleEndTime: 0` is 1970, not "no end"' },
  'reason-without-pause': { severity: 'error', means: '`pausedReason` without `paused: true`' },
  'bad-tag': { severity: 'error', means: 'a tag with a colon, which breaks `key:value` on the server' },
  'old-scheduler': {
    severity: 'error',
    means: 'the server is older than Conductor 3.30.0, whose scheduler is another one',
  },
  'unknown-path': {
    severity: 'error',
    means: 'a path of `lifecycle.sensitive` or `ignoreChanges` that leads to no field',
  },
  'bad-previous-name': {
    severity: 'error',
    means: "a previous name that is the present one, another manifest's, claimed twice, or unreachable",
  },
  'marker-in-manifest': {
    severity: 'error',
    means: 'a manifest sets the mark of an owner, or of an unfinished rename, itself',
  },
  'protect-without-owner': {
    severity: 'error',
    means: '`lifecycle.protect` without an `owner` in the configuration',
  },
  'rename-outside': {
    severity: 'error',
    means: 'a rename of which `--target`, `--exclude` or `--selector` leave one name out',
  },
  'rename-elsewhere': {
    severity: 'error',
    means: 'a rename in a run over another directory than the configured one',
  },
  'rename-protected': {
    severity: 'error',
    means: 'the old schedule is protected, and the manifest does not protect the new one; exit 3',
  },
  'foreign-owner': { severity: 'error', means: "the schedule carries another owner's marker; exit 3" },
  'needs-adopt': {
    severity: 'error',
    means: 'the schedule carries no marker and differs from its manifest; exit 3',
  },
  'unknown-target': {
    severity: 'error',
    means: '`--target` or `--exclude` names a schedule that neither side has',
  },
  'unknown-schedule': {
    severity: 'error',
    means: 'a name on the command line that the server does not have; the nearest one is named',
  },
  guard: { severity: 'error', means: 'the plan goes over a limit; exit 3' },
  'literal-in-plan': {
    severity: 'error',
    means: "a value that is masked wherever it is shown, or a secret's, would stand in a saved plan",
  },
  'bad-plan-file': {
    severity: 'error',
    means: 'a file that is no saved plan, or not a whole one, or was edited',
  },
  'plan-for-other': { severity: 'error', means: 'a saved plan for another server, owner or kind of server' },
  'plan-changed': { severity: 'error', means: 'the plan has not the digest of `--expect-digest`; exit 4' },
};

export const rules: { readonly [C in DiagnosticCode]: Rule } = { ...errors, ...judgements };
