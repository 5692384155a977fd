/** A manifest file: its path relative to the working directory, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}
