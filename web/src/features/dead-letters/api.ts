import { queryOptions } from '@tanstack/react-query';
import type { DeadLetter, DeadLetterState, Page } from '~/api/contract';
import { get, post, request } from '~/api/http';

const PAGE = 100;

export const deadLettersKey = (state: DeadLetterState) => ['dead-letters', state] as const;

export const deadLettersQuery = (state: DeadLetterState) =>
  queryOptions({
    queryKey: deadLettersKey(state),
    queryFn: ({ signal }) => get<Page<DeadLetter>>('/dead-letters', { state, limit: PAGE }, signal),
    staleTime: 5_000,
    refetchInterval: 15_000,
  });

export const replayDeadLetter = (id: string) => post<unknown>(`/dead-letters/${id}/replay`);
export const discardDeadLetter = (id: string) =>
  request<unknown>('POST', `/dead-letters/${id}/discard`, { keepalive: true });
