/** A file with people: what its columns become, and what was agreed to. */
import type { Narrowed, Schemas, Told } from '~/api/contract';
import type { ConsentCategory } from '~/features/audience/contract';

/** A column with some of its values and what it most likely is, such as `phone`, `trait:city`, `column:Code`. */
export type Column = Told<Schemas['ImportColumn']>;

export type Undo = Narrowed<'ImportUndo', { state: 'running' | 'done' | 'failed' }>;

export type Import = Narrowed<
  'Import',
  { state: 'uploaded' | 'running' | 'done' | 'failed'; undo: Undo | null }
>;

export type ImportSummary = Narrowed<
  'ImportSummary',
  { state: 'running' | 'done' | 'failed'; undo_state: 'running' | 'done' | 'failed' | null }
>;

/** Whether it is being brought in or taken back. */
export const isMoving = (file: Import | undefined): boolean =>
  file?.state === 'running' || file?.undo?.state === 'running';

/** Why somebody is left alone when an import is taken back. */
export const keptReasons = [
  'opted_out',
  'campaign',
  'conversation',
  'event',
  'listed',
  'merged',
  'changed',
] as const;

/** A row that is not taken, as it stood in the file. */
export type RowProblem = Told<Schemas['ImportProblem']>;

/** What would come of it. */
export type Checked = Told<Schemas['ImportCheck']>;

export const targets = [
  'phone',
  'name',
  'profile_name',
  'email',
  'tags',
  'external_id',
  'consent:marketing',
  'consent:utility',
  'consent:authentication',
  'trait',
  'column',
  'ignore',
] as const;
export type Target = (typeof targets)[number];

/** The kinds that an export says of fields, so that nobody has to guess at them again. */
const kinds = ['text', 'number', 'boolean', 'datetime', 'list'] as const;

/** What one column becomes; a trait and a column under a name. */
export interface Become {
  to: Target;
  key?: string;
  kind?: (typeof kinds)[number];
}

export type Agreement = Narrowed<'Attestation', { category: ConsentCategory }>;

/** The first row as it stands in the file, whatever it is read as. */
export const firstRowOf = ({ has_header, columns, first_rows }: Import): string[] =>
  has_header ? columns.map(({ name }) => name) : (first_rows[0] ?? []);

/** A target of the server’s in two halves. */
export function readTarget(text: string): Become {
  const whole = targets.find((each) => each === text);
  if (whole) return { to: whole };
  const [to, key] = text.split(/:(.*)/s);
  const kind = kinds.find((each) => each === to);
  if (kind && key) return { to: 'trait', key, kind };
  const known = targets.find((each) => each === to) ?? 'ignore';
  return key ? { to: known, key } : { to: known };
}

/** A target as the server reads it. */
export const writeTarget = ({ to, key, kind }: Become, heading: string): string =>
  to === 'trait'
    ? `${kind ?? 'trait'}:${key?.trim() || keyOf(heading)}`
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
