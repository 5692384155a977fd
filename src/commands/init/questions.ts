import type { Run } from '../../run/run.ts';

/** One thing that is asked: what an answer comes to, or why it is none. */
export type Question<T> = {
  readonly words: string;
  /** What Enter means, as it would be typed. */
  readonly usual: string;
  readonly read: (
    text: string,
  ) => { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };
};

/** Asks until there is an answer; undefined when the input has ended. */
export async function answerTo<T>(run: Run, { words, usual, read }: Question<T>): Promise<T | undefined> {
  for (;;) {
    const typed = await run.ask(`${words} [${usual}]: `);
    if (typed === undefined) return undefined;
    const text = typed.trim();
    const answer = read(text === '' ? usual : text);
    if (answer.ok) return answer.value;
    run.warn(`${answer.why}\n`);
  }
}
