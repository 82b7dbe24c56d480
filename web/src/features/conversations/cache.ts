/** Keeps every list of conversations true to what the server says, without reading them again. */
import type { QueryClient } from '@tanstack/react-query';
import type { Conversation, Page, Session } from '~/api/contract';
import { conversationKey, countsKey } from './keys';
import type { Filters } from './search';

/** Whether a conversation belongs into a list; the server's search is wider than this one. */
export function belongs(conversation: Conversation, filters: Filters, me: string): boolean {
  if (conversation.status !== filters.status) return false;
  if (filters.view === 'mine' && conversation.assignee?.id !== me) return false;
  if (filters.view === 'unassigned' && conversation.assignee) return false;
  if (!filters.q) return true;
  const q = filters.q.toLocaleLowerCase();
  const digits = q.replace(/\D/g, '');
  const { name, phone } = conversation.contact;
  return Boolean(
    name?.toLocaleLowerCase().includes(q) || (digits && phone?.replace(/\D/g, '').includes(digits)),
  );
}

/** Puts a conversation where it now belongs in a list sorted by newest activity. */
export function place(
  page: Page<Conversation>,
  conversation: Conversation,
  filters: Filters,
  me: string,
): Page<Conversation> {
  const old = page.data.find((each) => each.id === conversation.id);
  const rest = old ? page.data.filter((each) => each !== old) : page.data;
  if (!belongs(conversation, filters, me)) {
    // The server found it by more than we can see here, so a hit of a search stays.
    if (!(old && filters.q && conversation.status === filters.status))
      return old ? { ...page, data: rest } : page;
  }
  const at = Date.parse(conversation.last_activity_at);
  const index = rest.findIndex((each) => Date.parse(each.last_activity_at) < at);
  if (index === -1) {
    if (page.next_cursor && !old) return page;
    return { ...page, data: [...rest, conversation] };
  }
  return { ...page, data: [...rest.slice(0, index), conversation, ...rest.slice(index)] };
}

export function applyConversation(client: QueryClient, conversation: Conversation, me: string): void {
  const known = client.getQueryData<Conversation>(conversationKey(conversation.id));
  if (known && known.changed_seq > conversation.changed_seq) return;
  client.setQueryData(conversationKey(conversation.id), conversation);
  for (const [key, page] of client.getQueriesData<Page<Conversation>>({ queryKey: ['conversations'] })) {
    if (!page) continue;
    client.setQueryData(key, place(page, conversation, key[1] as Filters, me));
  }
}

/** What is known of each conversation, by its place in the feed. */
export function known(client: QueryClient): Map<string, number> {
  const seqs = new Map<string, number>();
  for (const each of conversations(client)) seqs.set(each.id, each.changed_seq);
  return seqs;
}

/**
 * A page as it was read, with what was told while it was on its way: an answer that left the server
 * before a change must not undo it here.
 */
export function caughtUp(
  client: QueryClient,
  page: Page<Conversation>,
  filters: Filters,
  before: Map<string, number>,
): Page<Conversation> {
  const me = client.getQueryData<Session>(['session'])?.member.id ?? '';
  return conversations(client).reduce((made, each) => {
    const row = made.data.find((other) => other.id === each.id);
    const stale = each.changed_seq > (row ? row.changed_seq : (before.get(each.id) ?? -1));
    return stale ? place(made, each, filters, me) : made;
  }, page);
}

/** A conversation as it was read, or as it was told meanwhile. */
export function newer(client: QueryClient, read: Conversation): Conversation {
  const told = client.getQueryData<Conversation>(conversationKey(read.id));
  return told && told.changed_seq > read.changed_seq ? told : read;
}

function conversations(client: QueryClient): Conversation[] {
  return client
    .getQueriesData<Conversation>({ queryKey: ['conversation'] })
    .flatMap(([, each]) => (each ? [each] : []));
}

export function knownConversation(client: QueryClient, id: string): Conversation | undefined {
  const single = client.getQueryData<Conversation>(conversationKey(id));
  if (single) return single;
  for (const [, page] of client.getQueriesData<Page<Conversation>>({ queryKey: ['conversations'] })) {
    const found = page?.data.find((each) => each.id === id);
    if (found) return found;
  }
  return undefined;
}

let waiting: ReturnType<typeof setTimeout> | undefined;

/** Reads the counts again, once for a burst of changes. */
export function recount(client: QueryClient): void {
  clearTimeout(waiting);
  waiting = setTimeout(() => void client.invalidateQueries({ queryKey: countsKey }), 400);
}
