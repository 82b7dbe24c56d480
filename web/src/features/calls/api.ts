import { queryOptions } from '@tanstack/react-query';
import type { ApiCall, Page } from '~/api/contract';
import { get } from '~/api/http';

const SHOWN = 100;
const EVERY_MS = 4000;

/** The last calls with API keys; read again while somebody looks. */
export const callsQuery = queryOptions({
  queryKey: ['calls'],
  queryFn: async ({ signal }) => (await get<Page<ApiCall>>('/calls', { limit: SHOWN }, signal)).data,
  refetchInterval: EVERY_MS,
  staleTime: 0,
});

export type Outcome = 'ok' | 'refused' | 'failed';

/** What a status means to whoever made the call: it worked, they must mend something, or we must. */
export const outcomeOf = (status: number): Outcome =>
  status >= 500 ? 'failed' : status >= 400 ? 'refused' : 'ok';
