/** A problem in words: what is wrong, and what to do about it. Not escaped: that is for whoever prints it. */
export interface Explanation {
  readonly message: string;
  readonly hint?: string;
}
