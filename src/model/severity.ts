export type Severity = 'error' | 'warning';

/** Severities by the code of a rule, as far as they are set; `all` is for those that are not named. */
export type RuleSettings = { readonly [code: string]: Severity | 'off' };
