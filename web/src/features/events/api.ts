import { infiniteQueryOptions } from '@tanstack/react-query';
import type { Page, Schemas, Told } from '~/api/contract';
import { get } from '~/api/http';

/** Something that a contact did elsewhere. */
export type TrackedEvent = Omit<Told<Schemas['Event']>, 'properties'> & {
  properties: Record<string, unknown>;
};

const PAGE = 10;

/** What somebody did, the latest first; read again with the contact. */
export const eventsQuery = (contactId: string) =>
  infiniteQueryOptions({
    queryKey: ['contact', contactId, 'events'],
    queryFn: ({ signal, pageParam }) =>
      get<Page<TrackedEvent>>(`/contacts/${contactId}/events`, { limit: PAGE, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 15_000,
  });
