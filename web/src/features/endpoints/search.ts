import type { DeliveryState } from '~/api/contract';

export const deliveryStates = [
  'waiting',
  'queued',
  'delivered',
  'given_up',
] as const satisfies DeliveryState[];

/** What the address of an endpoint's page says; what is left out is all of them. */
export interface EndpointSearch {
  state?: DeliveryState;
}

export const endpointSearch = (search: Record<string, unknown>): EndpointSearch => {
  const state = deliveryStates.find((each) => each === search.state);
  return state ? { state } : {};
};
