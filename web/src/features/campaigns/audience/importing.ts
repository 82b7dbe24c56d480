/** A file with people: what its columns become, and what was agreed to. */
import type { ConsentCategory } from '../contract';

export interface Column {
  name: string;
  /** Some of its values. */
  samples: string[];
  /** What it most likely is: `phone`, `name`, `email`, `tags`, `trait:city`, `column:Code`, `ignore`. */
  suggestion: string;
}

export interface Import {
  id: string;
  state: 'uploaded' | 'running' | 'done' | 'failed';
  filename: string;
  encoding: string;
  delimiter: string;
  columns: Column[];
  rows_total: number;
  list_id: string | null;
  rows_done: number;
  created: number;
  updated: number;
  /** Rows that named somebody who had all of it already. */
  unchanged: number;
  duplicates: number;
  failed: number;
  granted: number;
  kept_denied: number;
  failure: string | null;
}

export interface RowProblem {
  row: number;
  field: string;
  code: string;
  /** The row as it stood in the file. */
  record: string[];
}

/** What would come of it. */
export interface Checked {
  rows: number;
  new: number;
  existing: number;
  duplicates: number;
  failed: number;
  granted: number;
  kept_denied: number;
  problems: RowProblem[];
}

export const targets = ['phone', 'name', 'email', 'tags', 'trait', 'column', 'ignore'] as const;
export type Target = (typeof targets)[number];

/** What one column becomes; a trait and a column under a name. */
export interface Become {
  to: Target;
  key?: string;
}

export interface Agreement {
  category: ConsentCategory;
  source: string;
  date: string;
  text: string;
}

/** A target of the server’s in two halves. */
export function readTarget(text: string): Become {
  const [to, key] = text.split(/:(.*)/s);
  const known = targets.find((each) => each === to) ?? 'ignore';
  return key ? { to: known, key } : { to: known };
}

/** A target as the server reads it. */
export const writeTarget = ({ to, key }: Become, heading: string): string =>
  to === 'trait'
    ? `trait:${key?.trim() || keyOf(heading)}`
    : to === 'column'
      ? `column:${key?.trim() || heading}`
      : to;

/** A key for a field from the heading of a column: `Favourite colour` is `favourite_colour`. */
export const keyOf = (heading: string): string =>
  heading
    .trim()
    .toLocaleLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 60) || 'field';

/** Whether a file can be brought in with this: a phone number, and no field twice. */
export function wrongMapping(map: Become[]): 'noPhone' | 'twice' | null {
  if (!map.some(({ to }) => to === 'phone')) return 'noPhone';
  const once = map
    .filter(({ to }) => to !== 'column' && to !== 'ignore' && to !== 'tags')
    .map(({ to, key }) => (to === 'trait' ? `trait ${key}` : to));
  return new Set(once).size < once.length ? 'twice' : null;
}
