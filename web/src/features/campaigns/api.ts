import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Page } from '~/api/contract';
import { apiUrl, get, patch, post, remove } from '~/api/http';
import type { Campaign, CampaignEdit, CampaignKind, Recipient, Report, Review, Someone } from './contract';
import type { CampaignsSearch, ReportSearch } from './search';

const PAGE = 50;

/** The campaigns, newest first, page after page. */
export const campaignListQuery = (search: CampaignsSearch) =>
  infiniteQueryOptions({
    queryKey: ['campaigns', 'list', search],
    queryFn: ({ signal, pageParam }) =>
      get<Page<Campaign>>(
        '/campaigns',
        { q: search.q, state: search.state, limit: PAGE, cursor: pageParam },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 15_000,
  });

export const campaignQuery = (id: string) =>
  queryOptions({
    queryKey: ['campaigns', 'one', id],
    queryFn: async ({ client, queryKey, signal }) => {
      const read = await get<Campaign>(`/campaigns/${id}`, undefined, signal);
      // An answer that left the server before a change of ours was there must not undo it here.
      const known = client.getQueryData<Campaign>(queryKey);
      return known && known.version > read.version ? known : read;
    },
    staleTime: 15_000,
  });

/** What would happen if it were sent now; asked anew for every version of the draft. */
export const reviewQuery = (id: string, version: number) =>
  queryOptions({
    queryKey: ['campaigns', 'review', id, version],
    queryFn: ({ signal }) => get<Review>(`/campaigns/${id}/review`, undefined, signal),
    staleTime: 10_000,
    refetchOnMount: 'always',
  });

/** The people behind one figure of the review. */
export const excludedQuery = (id: string, reason: string | null) =>
  infiniteQueryOptions({
    queryKey: ['campaigns', 'excluded', id, reason],
    queryFn: ({ signal, pageParam }) =>
      get<Page<Someone>>(
        `/campaigns/${id}/review/excluded`,
        { reason, limit: PAGE, cursor: pageParam },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 10_000,
  });

export const reportQuery = (id: string) =>
  queryOptions({
    queryKey: ['campaigns', 'report', id],
    queryFn: ({ signal }) => get<Report>(`/campaigns/${id}/report`, undefined, signal),
    staleTime: 5_000,
  });

export const recipientsQuery = (id: string, { state, reason, q }: ReportSearch) =>
  infiniteQueryOptions({
    queryKey: ['campaigns', 'recipients', id, { state, reason, q }],
    queryFn: ({ signal, pageParam }) =>
      get<Page<Recipient>>(
        `/campaigns/${id}/recipients`,
        { state, reason, q, limit: PAGE, cursor: pageParam },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 5_000,
  });

export const recipientsFile = (id: string): string => apiUrl(`/campaigns/${id}/recipients.csv`);

export const createCampaign = (name: string, kind: CampaignKind) =>
  post<Campaign>('/campaigns', { name, kind });
export const editCampaign = (id: string, version: number, edit: CampaignEdit) =>
  patch<Campaign>(`/campaigns/${id}`, { ...edit, version });
export const deleteCampaign = (id: string) => remove<void>(`/campaigns/${id}`);
export const duplicateCampaign = (id: string) => post<Campaign>(`/campaigns/${id}/duplicate`, {});
export const testCampaign = (id: string, to: string[]) => post<unknown>(`/campaigns/${id}/test`, { to });
export const sendCampaign = (id: string, confirmCount: number) =>
  post<Campaign>(`/campaigns/${id}/send`, { confirm_count: confirmCount });
export const retargetCampaign = (id: string, outcome: string[], name: string) =>
  post<Campaign>(`/campaigns/${id}/retarget`, { outcome, name });

export type Command = 'undo' | 'pause' | 'resume' | 'stop' | 'release';

export const commandCampaign = (id: string, command: Command) =>
  post<Campaign>(`/campaigns/${id}/${command}`, {});
