import { queryOptions } from '@tanstack/react-query';
import type { MetaApp, Page } from '~/api/contract';
import { get } from '~/api/http';

export const appsQuery = queryOptions({
  queryKey: ['apps'],
  queryFn: async ({ signal }) => (await get<Page<MetaApp>>('/apps', undefined, signal)).data,
  staleTime: 15_000,
});
