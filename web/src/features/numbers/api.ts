import { queryOptions } from '@tanstack/react-query';
import type { Page, PhoneNumber } from '~/api/contract';
import { get, post } from '~/api/http';

export const numbersQuery = queryOptions({
  queryKey: ['numbers'],
  queryFn: async ({ signal }) => (await get<Page<PhoneNumber>>('/numbers', undefined, signal)).data,
  staleTime: 60_000,
});

/** Asks the server to read the numbers from Meta again; what changed comes over the live socket. */
export const syncNumbers = () => post<unknown>('/numbers/sync', {});
