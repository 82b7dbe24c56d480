/** What the address of the calls says; what is left out is everything. */
export interface CallsSearch {
  only?: 'trouble';
}

export const callsSearch = (search: Record<string, unknown>): CallsSearch =>
  search.only === 'trouble' ? { only: 'trouble' } : {};
