/** What the list of contacts shows: read off its address and the saved segments. */
import { filterIn, filterText } from '~/features/audience/address';
import type { Filter } from '~/features/audience/contract';
import { both, canonical } from '~/features/audience/filters';
import { fromFilter, toFilter } from '~/features/audience/tree';
import type { Segment } from '~/features/segments/api';
import type { ContactsSearch } from './search';

export interface View {
  segment: Segment | undefined;
  /** The filter by which people are chosen, beside what is searched for; null: everybody. */
  filter: Filter | null;
  /** The segment's filter was changed and is not saved. */
  changed: boolean;
  /** The address names a segment or a filter that there is not. */
  gone: 'segment' | 'filter' | null;
}

/** Whether two filters say the same, however they were written. */
export function sameFilter(one: Filter | null, other: Filter | null): boolean {
  const plain = (filter: Filter | null) => canonical(toFilter(fromFilter(filter)));
  return plain(one) === plain(other);
}

/** Nobody is left out: it is the same as no filter. */
const everybody = (filter: Filter | null): boolean => filter !== null && 'everyone' in filter;

export function viewOf(search: ContactsSearch, segments: Segment[] | undefined): View {
  const segment = segments?.find((each) => each.id === search.segment);
  const own = filterIn(search.filter);
  const filter = own ?? segment?.filter ?? null;
  return {
    segment,
    filter: everybody(filter) ? null : filter,
    changed: Boolean(segment && own && !sameFilter(own, segment.filter)),
    gone: search.segment && segments && !segment ? 'segment' : search.filter && !own ? 'filter' : null,
  };
}

/**
 * The address after the filter was changed: a segment stays chosen while it is being changed, and an
 * unchanged one needs no filter beside it.
 */
export function withFilter(search: ContactsSearch, view: View, next: Filter | null): ContactsSearch {
  const { segment } = view;
  if (!segment) return { ...search, segment: undefined, filter: filterText(next) };
  const made = next ?? ({ everyone: true } as const);
  return { ...search, filter: sameFilter(made, segment.filter) ? undefined : filterText(made) };
}

/** Fewer digits are in too many numbers to mean one. */
const FEWEST_DIGITS = 3;

/** The people whose name, address or number holds a text. */
export function searchFilter(q: string | undefined): Filter | null {
  const text = q?.trim();
  if (!text) return null;
  const digits = /^[+\d\s().\-/]+$/.test(text) ? text.replace(/\D/g, '') : '';
  const any: Filter[] = [
    { field: { name: 'name', is: { contains: text } } },
    { field: { name: 'email', is: { contains: text } } },
  ];
  if (digits.length >= FEWEST_DIGITS) any.push({ field: { name: 'phone', is: { contains: digits } } });
  return { any };
}

/** What the server is asked. */
export const askedFilter = (search: ContactsSearch, view: View): Filter =>
  both(view.filter, searchFilter(search.q)) ?? { everyone: true };
