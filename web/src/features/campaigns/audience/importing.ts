/** A file with people: what its columns become, and what was agreed to. */
import type { ConsentCategory } from '../contract';

export interface Import {
  id: string;
  state: 'uploaded' | 'running' | 'done' | 'failed';
  filename: string;
  encoding: string;
  delimiter: string;
  columns: string[];
  rows_total: number;
  /** The first rows, to see what is in the columns. */
  sample: string[][];
  list_id: string | null;
  rows_done: number;
  created: number;
  updated: number;
  duplicates: number;
  failed: number;
  granted: number;
  kept_denied: number;
  failure: string | null;
}

export interface ImportError {
  row: number;
  column: string | null;
  code: string;
  value: string | null;
}

export interface Checked {
  rows: number;
  created: number;
  updated: number;
  duplicates: number;
  failed: number;
  granted: number;
  kept_denied: number;
  errors: ImportError[];
}

export const targets = ['phone', 'name', 'email', 'country', 'tags', 'trait', 'column', 'ignore'] as const;
export type Target = (typeof targets)[number];

/** What one column becomes; a trait under its key. */
export interface Become {
  to: Target;
  key?: string;
}

export interface Agreement {
  source: string;
  date: string;
  text: string;
  category: ConsentCategory;
}

const names: [Target, RegExp][] = [
  [
    'phone',
    /^(phone|mobile|mobil|cell|tel|telefon|telephone|whats ?app|number|msisdn|handy|contact)( ?(no|nr|number|nummer)\.?)?$/i,
  ],
  ['name', /^(full ?|customer ?|contact ?)?name$/i],
  ['email', /^e-?mail( address)?$/i],
  ['country', /^(country|land|pais|país|pays)( ?code)?$/i],
  ['tags', /^(tags?|labels?|groups?)$/i],
];

const looksLikePhones = (values: string[]): boolean => {
  const filled = values.filter((value) => value.trim());
  return filled.length > 0 && filled.every((value) => /^\+?[\d\s().-]{7,20}$/.test(value.trim()));
};

/** A key for a field from the heading of a column: `Favourite colour` is `favourite_colour`. */
export const keyOf = (heading: string): string =>
  heading
    .trim()
    .toLocaleLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 60) || 'field';

/** What columns most likely are, by their headings, then by what stands in them. */
export function guessed(columns: string[], sample: string[][]): Become[] {
  const taken = new Set<Target>();
  const made = columns.map((heading): Become => {
    const plain = heading.trim().replaceAll('_', ' ');
    const hit = names.find(([target, pattern]) => pattern.test(plain) && !taken.has(target));
    if (!hit) return { to: 'column' };
    taken.add(hit[0]);
    return { to: hit[0] };
  });
  if (!taken.has('phone')) {
    const at = columns.findIndex(
      (_, index) => made[index]?.to === 'column' && looksLikePhones(sample.map((row) => row[index] ?? '')),
    );
    if (at >= 0) made[at] = { to: 'phone' };
  }
  return made;
}

/** Whether a file can be brought in with this: a phone number, and no field twice. */
export function wrongMapping(map: Become[]): 'noPhone' | 'twice' | null {
  if (!map.some(({ to }) => to === 'phone')) return 'noPhone';
  const once = map
    .filter(({ to }) => to !== 'column' && to !== 'ignore' && to !== 'tags')
    .map(({ to, key }) => (to === 'trait' ? `trait ${key}` : to));
  return new Set(once).size < once.length ? 'twice' : null;
}
