import { queryOptions } from '@tanstack/react-query';
import type { OptOutSettings, OptOutWish } from '~/api/contract';
import { get, put } from '~/api/http';

export const optOutQuery = queryOptions({
  queryKey: ['settings', 'opt-out'],
  queryFn: ({ signal }) => get<OptOutSettings>('/settings/opt-out', undefined, signal),
  staleTime: 15_000,
});

export const setOptOut = (wish: OptOutWish) => put<OptOutSettings>('/settings/opt-out', wish);
