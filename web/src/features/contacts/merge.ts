/** Two contacts that are one person. */
import { queryOptions } from '@tanstack/react-query';
import type { Contact, Narrowed, Page } from '~/api/contract';
import { get, post } from '~/api/http';

export type Likely = Narrowed<'LikelyDuplicate', { contact: Contact }>;
export type MergePreview = Narrowed<'MergePreview', { contact: Contact }>;

export const duplicatesQuery = (id: string) =>
  queryOptions({
    queryKey: ['contact', id, 'duplicates'],
    queryFn: async ({ signal }) =>
      (await get<Page<Likely>>(`/contacts/${id}/duplicates`, undefined, signal)).data,
  });

export const mergePreviewQuery = (id: string, from: string) =>
  queryOptions({
    queryKey: ['contact', id, 'merge', from],
    queryFn: ({ signal }) => get<MergePreview>(`/contacts/${id}/merge`, { from }, signal),
  });

export const mergeContacts = (id: string, from: string) => post<Contact>(`/contacts/${id}/merge`, { from });
