import picocolors from 'picocolors';

/** How text is laid out and coloured; what the terminal can do was found out elsewhere. */
export interface Style {
  /** Columns; prose is wrapped to it, values are not. */
  readonly width: number;
  readonly colors: Colors;
  /** Everything of what would else be a table. */
  readonly details?: boolean;
}

/** A function for each colour. */
export type Colors = ReturnType<typeof picocolors.createColors>;

/** With `false` every colour leaves the text as it is; the environment is not looked at. */
export function createColors(coloured: boolean): Colors {
  return picocolors.createColors(coloured);
}
