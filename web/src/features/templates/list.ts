import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Page, Template } from '~/api/contract';
import { get, post } from '~/api/http';
import type { TemplatesSearch } from './search';

const PAGE = 100;

/** The templates of the settings' list, page after page. */
export const templateListQuery = (search: TemplatesSearch) =>
  infiniteQueryOptions({
    queryKey: ['templates', 'list', search],
    queryFn: ({ signal, pageParam }) =>
      get<Page<Template>>(
        '/templates',
        { q: search.q, status: search.state, category: search.category, limit: PAGE, cursor: pageParam },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 30_000,
  });

export const templateQuery = (id: string) =>
  queryOptions({
    queryKey: ['templates', 'one', id],
    queryFn: ({ signal }) => get<Template>(`/templates/${id}`, undefined, signal),
    staleTime: 30_000,
  });

/** Asks the server to read the templates from Meta again; what changed comes over the live socket. */
export const syncTemplates = () => post<unknown>('/templates/sync', {});
