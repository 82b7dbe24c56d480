/** Under which keys conversations are kept. */
import type { Filters } from './search';

export const listKey = (filters: Filters) => ['conversations', filters] as const;

export const conversationKey = (id: string) => ['conversation', id] as const;

export const countsKey = ['conversation-counts'] as const;
