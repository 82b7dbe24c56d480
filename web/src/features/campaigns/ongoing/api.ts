import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Page } from '~/api/contract';
import { get, post } from '~/api/http';
import type { Campaign, CampaignEdit } from '../contract';
import type { RunsSearch } from '../search';
import type { Backtest, CampaignVersion, Enrol, OngoingReport, Run } from './contract';

const PAGE = 20;
/** What begins without a message of its own is told by nobody. */
const EVERY_MS = 5_000;

/** What the campaign would have done in the last thirty days; asked anew for every version of the draft. */
export const backtestQuery = (id: string, version: number) =>
  queryOptions({
    queryKey: ['campaigns', 'backtest', id, version],
    // Nothing is changed by it; it is posted because it is work.
    queryFn: ({ signal }) =>
      signal.aborted ? Promise.reject(signal.reason) : post<Backtest>(`/campaigns/${id}/backtest`, {}),
    staleTime: 60_000,
    retry: false,
  });

/** What became of it, day by day and message by message. */
export const ongoingReportQuery = (id: string) =>
  queryOptions({
    queryKey: ['campaigns', 'ongoing', id],
    queryFn: ({ signal }) => get<OngoingReport>(`/campaigns/${id}/ongoing`, undefined, signal),
    staleTime: 5_000,
    refetchInterval: EVERY_MS,
  });

/** The people's ways through it, the newest first, page after page. */
export const runsQuery = (id: string, search: RunsSearch) =>
  infiniteQueryOptions({
    queryKey: ['campaigns', 'runs', id, search],
    queryFn: ({ signal, pageParam }) =>
      get<Page<Run>>(
        `/campaigns/${id}/runs`,
        { state: search.run, reason: search.dropped, limit: PAGE, cursor: pageParam },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 5_000,
    refetchInterval: EVERY_MS,
  });

/** Its versions, the newest first. */
export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['campaigns', 'versions', id],
    queryFn: async ({ signal }) =>
      (await get<{ data: CampaignVersion[] }>(`/campaigns/${id}/versions`, undefined, signal)).data,
    staleTime: 15_000,
  });

/** Turns a draft on. */
export const startCampaign = (id: string, enrol: Enrol) =>
  post<Campaign>(`/campaigns/${id}/start`, { enrol });
/** Puts a new version in force. */
export const changeCampaign = (id: string, version: number, edit: CampaignEdit) =>
  post<Campaign>(`/campaigns/${id}/versions`, { ...edit, version });
