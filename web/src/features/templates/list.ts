import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Page, Template, TemplateDraft, TemplateVersion } from '~/api/contract';
import { get, post, put, remove } from '~/api/http';
import type { TemplatesSearch } from './search';

const PAGE = 100;

/** The templates of the list, page after page. */
export const templateListQuery = ({ q, state, category, waba }: TemplatesSearch) =>
  infiniteQueryOptions({
    queryKey: ['templates', 'list', { q, state, category, waba }],
    queryFn: ({ signal, pageParam }) =>
      get<Page<Template>>(
        '/templates',
        { q, status: state, category, waba_id: waba, limit: PAGE, cursor: pageParam },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

export const templateQuery = (id: string) =>
  queryOptions({
    queryKey: ['templates', 'one', id],
    queryFn: ({ signal }) => get<Template>(`/templates/${id}`, undefined, signal),
    staleTime: 30_000,
  });

/** The same name in its languages, this one among them. */
export const siblingsQuery = ({ name, waba_id }: Pick<Template, 'name' | 'waba_id'>) =>
  queryOptions({
    queryKey: ['templates', 'siblings', waba_id, name],
    queryFn: async ({ signal }) => {
      const { data } = await get<Page<Template>>('/templates', { q: name, waba_id, limit: 200 }, signal);
      return data
        .filter((each) => each.name === name)
        .toSorted((a, b) => a.language.localeCompare(b.language));
    },
    staleTime: 30_000,
  });

/** What it said before, newest first. */
export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['templates', 'versions', id],
    queryFn: async ({ signal }) =>
      (await get<Page<TemplateVersion>>(`/templates/${id}/versions`, undefined, signal)).data,
    staleTime: 30_000,
  });

/** Asks the server to read the templates from Meta again; what changed comes over the live socket. */
export const syncTemplates = () => post<unknown>('/templates/sync', {});

export const createTemplate = (draft: TemplateDraft) => post<Template>('/templates', draft);

export const saveTemplate = (id: string, draft: TemplateDraft) => put<Template>(`/templates/${id}`, draft);

/** Hands it to Meta's review. */
export const submitTemplate = (id: string) => post<Template>(`/templates/${id}/submit`, {});

export const duplicateTemplate = (id: string, wish: { name?: string; language?: string }) =>
  post<Template>(`/templates/${id}/duplicate`, wish);

/** Takes it away, here and at Meta; all languages of its name where that is wanted. */
export const deleteTemplate = (id: string, all: boolean) =>
  remove<unknown>(`/templates/${id}${all ? '?all_languages=true' : ''}`);
