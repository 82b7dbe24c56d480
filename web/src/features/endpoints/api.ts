import { queryOptions } from '@tanstack/react-query';
import type {
  Delivery,
  DeliveryState,
  Endpoint,
  EndpointEdit,
  EndpointWish,
  NewEndpoint,
  Page,
} from '~/api/contract';
import { get, patch, post, remove } from '~/api/http';

const PATH = '/webhook-endpoints';
const PAGE = 50;

export const endpointsQuery = queryOptions({
  queryKey: ['endpoints'],
  queryFn: async ({ signal }) => (await get<Page<Endpoint>>(PATH, undefined, signal)).data,
  staleTime: 1_000,
  refetchInterval: 3_000,
});

export const deliveriesKey = (id: string) => ['endpoints', id, 'deliveries'] as const;

/** What an endpoint was told and is still to be told, the newest first. */
export const deliveriesQuery = (id: string, state: DeliveryState | null) =>
  queryOptions({
    queryKey: [...deliveriesKey(id), state],
    queryFn: ({ signal }) => get<Page<Delivery>>(`${PATH}/${id}/deliveries`, { state, limit: PAGE }, signal),
    staleTime: 1_000,
    refetchInterval: 3_000,
  });

/** One delivery with what is posted. */
export const deliveryQuery = (id: string, delivery: string) =>
  queryOptions({
    queryKey: [...deliveriesKey(id), 'one', delivery],
    queryFn: ({ signal }) => get<Delivery>(`${PATH}/${id}/deliveries/${delivery}`, undefined, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const createEndpoint = (wish: EndpointWish) => post<NewEndpoint>(PATH, wish);
export const editEndpoint = (id: string, edit: EndpointEdit) => patch<Endpoint>(`${PATH}/${id}`, edit);
export const rotateSecret = (id: string) => post<NewEndpoint>(`${PATH}/${id}/rotate-secret`);
export const removeEndpoint = (id: string) => remove<void>(`${PATH}/${id}`);
export const testEndpoint = (id: string) => post<Delivery>(`${PATH}/${id}/test`);
export const replayDelivery = (id: string, delivery: string) =>
  post<Delivery>(`${PATH}/${id}/deliveries/${delivery}/replay`);
