import type { DeadLetterState } from '~/api/contract';

/** What the address of the dead letters says; what is left out is those that wait. */
export interface DeadLettersSearch {
  state?: Exclude<DeadLetterState, 'open'>;
}

export const deadLettersSearch = (search: Record<string, unknown>): DeadLettersSearch =>
  search.state === 'replayed' || search.state === 'discarded' ? { state: search.state } : {};
