import type { ConversationStatus, ConversationView } from '~/api/contract';

/** What the inbox's address says; what is left out is the usual. */
export interface InboxSearch {
  view?: Exclude<ConversationView, 'all'>;
  status?: Exclude<ConversationStatus, 'open'>;
  q?: string;
}

export interface Filters {
  view: ConversationView;
  status: ConversationStatus;
  q: string;
}

export function inboxSearch(search: Record<string, unknown>): InboxSearch {
  const result: InboxSearch = {};
  if (search.view === 'mine' || search.view === 'unassigned') result.view = search.view;
  if (search.status === 'snoozed' || search.status === 'closed') result.status = search.status;
  if (typeof search.q === 'string' && search.q.trim()) result.q = search.q;
  return result;
}

export const filtersOf = (search: InboxSearch): Filters => ({
  view: search.view ?? 'all',
  status: search.status ?? 'open',
  q: search.q?.trim() ?? '',
});
