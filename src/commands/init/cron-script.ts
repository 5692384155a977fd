import type { StartingPoint } from './starting-point.ts';

/** A script for cron, which mails whatever a job prints: it prints only what somebody should read. */
export function cronScript({ environments, secrets, runs: { text } }: StartingPoint): string {
  const isMany = environments.length > 0;
  const [flag, file] = isMany
    ? [' --env "$1"', '$HOME/.config/downbeat/$1.env']
    : ['', '$HOME/.config/downbeat/server.env'];
  const named = secrets.length === 0 ? `each \${secret.NAME} of the manifests` : secrets.join(', ');
  return `#!/bin/sh
# Plans, looks for missed runs, and prints what somebody should read, which cron mails. Add it with \`crontab -e\`:
#   17 6 * * *  sh /srv/schedules/nightly.sh
# It reads CONDUCTOR_SERVER_URL, CONDUCTOR_AUTH_KEY, CONDUCTOR_AUTH_SECRET, and the values of ${named}
# as NAME=VALUE lines from ${file}, which only its owner may read (chmod 600).
cd "$(dirname "$0")" && git pull --quiet || exit 1
report=$(mktemp) && trap 'rm -f "$report"' EXIT

nightly() (
  set -a
  . "${file}" || exit 1
  ended=0
  code=0
  npx --yes ${text} plan --detailed-exitcode${flag} >"$report" 2>&1 || code=$?
  case $code in
    0) ;; # no changes
    2) echo "${isMany ? '$1: ' : ''}there are changes to apply:"; cat "$report" ;;
    3) echo "${isMany ? '$1: ' : ''}refused by a limit or an owner:"; cat "$report"; ended=3 ;;
    *) echo "${isMany ? '$1: ' : ''}planning failed:"; cat "$report"; exit 1 ;;
  esac
  code=0
  npx --yes ${text} audit --quiet --exit-code${flag} >"$report" 2>&1 || code=$?
  case $code in
    0) cat "$report" ;; # empty, or not a failure, such as a pause
    2) echo "${isMany ? '$1: ' : ''}runs were missed or failed:"; cat "$report" ;;
    *) echo "${isMany ? '$1: ' : ''}the audit failed:"; cat "$report"; exit 1 ;;
  esac
  exit "$ended"
)

${isMany ? `failed=0\nfor environment in ${environments.join(' ')}; do\n  nightly "$environment" || failed=$?\ndone\nexit "$failed"` : 'nightly'}
`;
}
