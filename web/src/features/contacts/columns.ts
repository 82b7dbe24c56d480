/** Which columns the list of contacts has beside the name: chosen per browser. */
export const fixedColumns = ['tags', 'country', 'source', 'email', 'last_seen_at', 'created_at'] as const;

export type Column = (typeof fixedColumns)[number] | `trait:${string}`;

/** More would leave none of them enough room to be read. */
export const MOST_COLUMNS = 8;

const usual: Column[] = ['tags', 'country', 'source', 'last_seen_at', 'created_at'];
const setting = 'wigwag-contact-columns';

const isColumn = (value: unknown): value is Column =>
  typeof value === 'string' &&
  (fixedColumns.some((each) => each === value) || /^trait:.{1,100}$/.test(value));

/** What was kept, without what can be no column; the usual where nothing was. */
export function readColumns(kept: string | null): Column[] {
  if (kept === null) return usual;
  try {
    const all: unknown = JSON.parse(kept);
    return Array.isArray(all) ? [...new Set(all.filter(isColumn))].slice(0, MOST_COLUMNS) : usual;
  } catch {
    return usual;
  }
}

export const keptColumns = (): Column[] => readColumns(localStorage.getItem(setting));

export const keepColumns = (columns: Column[]): void =>
  localStorage.setItem(setting, JSON.stringify(columns));

/** With one column more or less; those that every contact has stand first, in their usual order. */
export function toggled(columns: Column[], column: Column): Column[] {
  if (columns.includes(column)) return columns.filter((each) => each !== column);
  if (columns.length >= MOST_COLUMNS) return columns;
  const place = (each: Column) => {
    const at = (fixedColumns as readonly Column[]).indexOf(each);
    return at === -1 ? fixedColumns.length : at;
  };
  return [...columns, column].toSorted((a, b) => place(a) - place(b));
}
