import { queryOptions } from '@tanstack/react-query';
import type { ApiKey, NewApiKey, NewApiKeyWish, Page } from '~/api/contract';
import { get, post, remove } from '~/api/http';

export const apiKeysQuery = queryOptions({
  queryKey: ['api-keys'],
  queryFn: async ({ signal }) => (await get<Page<ApiKey>>('/api_keys', undefined, signal)).data,
  staleTime: 15_000,
});

export const createApiKey = (wish: NewApiKeyWish) => post<NewApiKey>('/api_keys', wish);

export const revokeApiKey = (id: string) => remove<void>(`/api_keys/${id}`);
