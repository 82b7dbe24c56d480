import { queryOptions } from '@tanstack/react-query';
import type { Contact, Page } from '~/api/contract';
import { get } from '~/api/http';
import { startConversation } from '~/features/conversations/api';

const SHOWN = 7;

/** People whose name, phone or address fits; asked of the server, so that all of them can be found. */
export const peopleQuery = (q: string) =>
  queryOptions({
    queryKey: ['people', q],
    queryFn: async ({ signal }) => (await get<Page<Contact>>('/contacts', { q, limit: SHOWN }, signal)).data,
    enabled: q.length > 0,
    staleTime: 10_000,
  });

/** The conversation of a person, the first one where there are several; begun when there is none. */
export async function conversationOf(contactId: string): Promise<string> {
  const { conversations } = await get<Contact>(`/contacts/${contactId}`);
  const known = conversations[0];
  return known ? known.id : (await startConversation({ contact_id: contactId })).id;
}
