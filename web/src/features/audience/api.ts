import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Contact, Page } from '~/api/contract';
import { get, post } from '~/api/http';
import type { AudienceList, Counted, EventName, Filter, Tag, Trait, Why } from './contract';

const PAGE = 50;

/** A question that is posted because a filter does not fit into an address; nothing is changed by it. */
const asked = <T>(path: string, body: unknown, signal: AbortSignal): Promise<T> =>
  signal.aborted ? Promise.reject(signal.reason) : post<T>(path, body);

/** How many people a filter means, and some of them. */
export const countQuery = (filter: Filter | null) =>
  queryOptions({
    queryKey: ['audience', 'count', filter],
    queryFn: ({ signal }) => asked<Counted>('/audience/count', { filter }, signal),
    enabled: filter !== null,
    staleTime: 10_000,
  });

export const orders = ['newest', 'oldest', 'name'] as const;
export type Order = (typeof orders)[number];

/** The people whom a filter means, page after page. */
export const peopleQuery = (filter: Filter, order: Order) =>
  infiniteQueryOptions({
    queryKey: ['audience', 'people', filter, order],
    queryFn: ({ signal, pageParam: cursor }) =>
      asked<Page<Contact>>('/audience/contacts', { filter, order, limit: PAGE, cursor }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 10_000,
  });

/** Why a filter finds somebody, or why not. */
export const whyQuery = (filter: Filter, contactId: string) =>
  queryOptions({
    queryKey: ['audience', 'why', filter, contactId],
    queryFn: ({ signal }) => asked<Why>('/audience/why', { filter, contact_id: contactId }, signal),
    staleTime: 10_000,
  });

const items = async <T>(path: string, signal: AbortSignal): Promise<T[]> =>
  (await get<Page<T>>(path, undefined, signal)).data;

export const traitsQuery = queryOptions({
  queryKey: ['audience', 'traits'],
  queryFn: ({ signal }) => items<Trait>('/traits', signal),
  staleTime: 60_000,
});

export const tagsQuery = queryOptions({
  queryKey: ['audience', 'tags'],
  queryFn: ({ signal }) => items<Tag>('/tags', signal),
  staleTime: 60_000,
});

export const listsQuery = queryOptions({
  queryKey: ['audience', 'lists'],
  queryFn: ({ signal }) => items<AudienceList>('/lists', signal),
  staleTime: 30_000,
});

/** The events that were told so far, with their particulars. */
export const eventNamesQuery = queryOptions({
  queryKey: ['audience', 'event-names'],
  queryFn: ({ signal }) => items<EventName>('/event-names', signal),
  staleTime: 60_000,
});
