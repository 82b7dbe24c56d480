import { queryOptions } from '@tanstack/react-query';
import type { Page } from '~/api/contract';
import { get, patch, post, remove } from '~/api/http';
import type { Filter } from '~/features/audience/contract';

/** A saved audience filter with a name. */
export type Segment = {
  id: string;
  name: string;
  filter: Filter;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  version: number;
};

const PAGE = 200;

/** All saved segments; there are as many as a team can tell apart, so they are read as a whole. */
export const segmentsQuery = queryOptions({
  queryKey: ['audience', 'segments'],
  queryFn: async ({ signal }) => {
    const all: Segment[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<Segment> = await get<Page<Segment>>('/segments', { limit: PAGE, cursor }, signal);
      all.push(...page.data);
      cursor = page.next_cursor;
    } while (cursor);
    return all.toSorted((a, b) => a.name.localeCompare(b.name));
  },
  staleTime: 30_000,
});

export const createSegment = (name: string, filter: Filter) => post<Segment>('/segments', { name, filter });
export const editSegment = (id: string, edit: { name?: string; filter?: Filter }) =>
  patch<Segment>(`/segments/${id}`, edit);
export const deleteSegment = (id: string) => remove<void>(`/segments/${id}`);
