import type { RuleSettings, Severity } from '../model/severity.ts';

/**
 * The problems that are a matter of judgement, each with the severity that it has unless somebody says otherwise: the
 * manifest is sound, and what a server makes of it is most likely not what was meant. A configuration sets their severity
 * or switches them off, and a comment in a manifest allows one. Every other problem is an error, always.
 */
export const rules = {
  // One manifest, as `validate` sees it
  'odd-name': 'warning',
  'never-fires': 'error',
  'every-second': 'warning',
  'both-days': 'warning',
  'numbered-weekday': 'warning',
  'crons-meet': 'warning',
  'clock-change': 'warning',
  'old-zone': 'warning',
  'idle-zone': 'warning',
  'window-upside-down': 'error',
  'window-without-fire': 'error',
  'window-over': 'warning',
  'catchup-ignores-window': 'error',
  'catchup-burst': 'warning',
  'literal-correlation': 'warning',
  'overwritten-input': 'warning',
  'idle-strategy': 'warning',
  // All manifests together
  'names-differ-in-case': 'warning',
  'unused-allowance': 'warning',
  // Manifests against the workflows of a server
  'no-workflow': 'warning',
  'no-workflow-version': 'warning',
  'unknown-input': 'warning',
  'missing-input': 'warning',
  'workflows-not-readable': 'warning',
  // Manifests against a server
  'previous-name-there': 'warning',
  'looks-renamed': 'warning',
  'tags-not-kept': 'warning',
  'reason-not-kept': 'warning',
  'idempotency-not-kept': 'warning',
  'name-beyond-orkes': 'warning',
  'copied-marker': 'warning',
  'dead-there': 'warning',
  'stuck-there': 'warning',
} as const;

export type RuleCode = keyof typeof rules;

export const ruleCodes: readonly RuleCode[] = Object.keys(rules) as RuleCode[];

export function isRule(code: string): code is RuleCode {
  return Object.hasOwn(rules, code);
}

/** The severity that a rule has under these settings. */
export function severityOf(code: RuleCode, settings: RuleSettings): Severity | 'off' {
  return settings[code] ?? settings.all ?? rules[code];
}

/** The same problems by these settings: without those whose rule is off, the others with the severity of theirs. */
export function bySettings<D extends { readonly code: string; readonly severity: Severity }>(
  diagnostics: readonly D[],
  settings: RuleSettings,
): readonly D[] {
  return diagnostics.flatMap((diagnostic) => {
    if (!isRule(diagnostic.code)) return [diagnostic];
    const severity = severityOf(diagnostic.code, settings);
    if (severity === 'off') return [];
    return severity === diagnostic.severity ? [diagnostic] : [{ ...diagnostic, severity }];
  });
}
