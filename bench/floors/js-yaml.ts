import { load } from 'js-yaml';
import { floor } from './floor.ts';

/** F: the floor with the fastest general YAML parser on npm. */
floor((text) => load(text));
