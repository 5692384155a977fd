import { parse } from 'yaml';
import { floor } from './floor.ts';

/** The floor with the parser that the CLI itself uses. */
floor((text) => parse(text));
