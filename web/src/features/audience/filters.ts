/** What can be asked of a filter without editing it. */
import type { Filter } from './contract';

/** A filter, or what else is kept as JSON, as a text that is the same whatever the order of its keys. */
export const canonical = (kept: unknown): string =>
  JSON.stringify(kept, (_, value: unknown) =>
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );

/** The lists that a filter speaks of: their columns can be filled in. */
export function listsIn(filter: Filter | null): string[] {
  if (!filter) return [];
  if ('all' in filter) return filter.all.flatMap(listsIn);
  if ('any' in filter) return filter.any.flatMap(listsIn);
  if ('not' in filter) return [];
  return 'list' in filter ? [filter.list] : [];
}

/** The saved segments that a filter speaks of. */
export function segmentsIn(filter: Filter | null): string[] {
  if (!filter) return [];
  if ('all' in filter) return filter.all.flatMap(segmentsIn);
  if ('any' in filter) return filter.any.flatMap(segmentsIn);
  if ('not' in filter) return segmentsIn(filter.not);
  return 'segment' in filter ? [filter.segment] : [];
}

/** How many rules there are, in groups or not. */
export function rulesIn(filter: Filter | null): number {
  if (!filter) return 0;
  if ('all' in filter) return filter.all.reduce((sum, each) => sum + rulesIn(each), 0);
  if ('any' in filter) return filter.any.reduce((sum, each) => sum + rulesIn(each), 0);
  return 'not' in filter ? rulesIn(filter.not) : 1;
}

/** Both at once, without a group around one that is missing. */
export function both(one: Filter | null, other: Filter | null): Filter | null {
  if (!one || !other) return one ?? other;
  return { all: [one, other] };
}
