import { type QueryClient, queryOptions } from '@tanstack/react-query';
import type { Conversation, ConversationCounts, Page } from '~/api/contract';
import { get, post } from '~/api/http';
import { caughtUp, known, newer } from './cache';
import { conversationKey, countsKey, listKey } from './keys';
import type { Filters } from './search';

const PAGE = 50;

export { conversationKey, listKey };

function readPage(filters: Filters, cursor: string | null, signal?: AbortSignal) {
  const { view, status, q } = filters;
  return get<Page<Conversation>>('/conversations', { view, status, q, cursor, limit: PAGE }, signal);
}

export const listQuery = (filters: Filters) =>
  queryOptions({
    queryKey: listKey(filters),
    queryFn: async ({ client, signal }) => {
      const before = known(client);
      return caughtUp(client, await readPage(filters, null, signal), filters, before);
    },
    staleTime: filters.q ? 5_000 : 60_000,
  });

/** Reads the next page and puts it behind what is there already. */
export async function readMore(client: QueryClient, filters: Filters): Promise<void> {
  const cursor = client.getQueryData<Page<Conversation>>(listKey(filters))?.next_cursor;
  if (!cursor) return;
  const page = await readPage(filters, cursor);
  client.setQueryData<Page<Conversation>>(listKey(filters), (old) => {
    if (!old) return page;
    const seen = new Set(old.data.map((each) => each.id));
    return {
      data: [...old.data, ...page.data.filter((each) => !seen.has(each.id))],
      next_cursor: page.next_cursor,
    };
  });
}

export const countsQuery = queryOptions({
  queryKey: countsKey,
  queryFn: () => get<ConversationCounts>('/conversations/counts'),
  staleTime: 60_000,
});

export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: conversationKey(id),
    queryFn: async ({ client, signal }) =>
      newer(client, await get<Conversation>(`/conversations/${id}`, undefined, signal)),
    staleTime: 60_000,
  });

const act = (id: string, verb: string, body?: unknown) =>
  post<Conversation>(`/conversations/${id}/${verb}`, body);

export const closeConversation = (id: string) => act(id, 'close');
export const reopenConversation = (id: string) => act(id, 'reopen');
export const snoozeConversation = (id: string, until: Date) =>
  act(id, 'snooze', { until: until.toISOString() });
export const assignConversation = (id: string, assigneeId: string | null) =>
  act(id, 'assign', { assignee_id: assigneeId });
export const readConversation = (id: string) => act(id, 'read');
export const showTyping = (id: string) => act(id, 'typing');

export const startConversation = (
  who: ({ contact_id: string } | { phone: string; name?: string }) & { number_id?: string },
) => post<Conversation>('/conversations', who);
