import type { Ran } from './measure.ts';

/** Proofs that a command did its work: each says what is wrong with a run, or nothing. */
type Proof = (ran: Ran) => string | undefined;

export const printsNothing: Proof = (ran) =>
  ended(ran) ?? (ran.stdout === '' ? undefined : 'it should print nothing');

export function prints(...texts: readonly string[]): Proof {
  return (ran) => {
    const missing = texts.find((text) => !ran.stdout.includes(text));
    return ended(ran) ?? (missing === undefined ? undefined : `its output lacks ${JSON.stringify(missing)}`);
  };
}

/** It asked for the list and found nothing to do. How many requests that may take is a row of its own. */
export const findsNoChanges: Proof = (ran) =>
  ended(ran) ??
  readTheList(ran) ??
  (/^No changes\./m.test(ran.stdout) ? undefined : 'its output should say "No changes."');

/** It compared the schedule that is different, so its "No changes." elsewhere is one. */
export function findsChanged(name: string): Proof {
  return (ran) =>
    ended(ran) ??
    readTheList(ran) ??
    (/^No changes\./m.test(ran.stdout) || !ran.stdout.includes(name)
      ? `it should see that ${name} is different`
      : undefined);
}

function ended(ran: Ran): string | undefined {
  return ran.code === 0 ? undefined : 'it should end with 0';
}

function readTheList({ requests }: Ran): string | undefined {
  if (requests.lists === 0) return 'it never asked the server for the list';
  const write = requests.others.find((request) => !request.startsWith('GET '));
  return write === undefined ? undefined : `it sent a write: ${write}`;
}
