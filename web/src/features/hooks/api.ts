import { queryOptions } from '@tanstack/react-query';
import type {
  Hook,
  HookDelivery,
  HookReading,
  HookReadingWish,
  HookWish,
  NewHook,
  Page,
} from '~/api/contract';
import { get, patch, post, remove } from '~/api/http';

export const hooksQuery = queryOptions({
  queryKey: ['hooks'],
  queryFn: async ({ signal }) => (await get<Page<Hook>>('/hooks', undefined, signal)).data,
  staleTime: 15_000,
});

const SHOWN = 10;

export const deliveriesQuery = (id: string) =>
  queryOptions({
    queryKey: ['hooks', id, 'deliveries'],
    queryFn: async ({ signal }) =>
      (await get<Page<HookDelivery>>(`/hooks/${id}/deliveries`, { limit: SHOWN }, signal)).data,
    refetchInterval: 5_000,
  });

export const createHook = (wish: HookWish) => post<NewHook>('/hooks', wish);

export const checkHook = (wish: HookReadingWish) => post<HookReading>('/hooks/check', wish);

export const setActive = (hook: Hook, active: boolean) =>
  patch<Hook>(`/hooks/${hook.id}`, { active, version: hook.version });

export const deleteHook = (id: string) => remove<void>(`/hooks/${id}`);
