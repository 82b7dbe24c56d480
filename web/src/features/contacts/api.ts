import { queryOptions } from '@tanstack/react-query';
import type { Contact, Page } from '~/api/contract';
import { get, patch, post } from '~/api/http';

export const contactQuery = (id: string) =>
  queryOptions({
    queryKey: ['contact', id],
    queryFn: async ({ client, queryKey, signal }) => {
      const read = await get<Contact>(`/contacts/${id}`, undefined, signal);
      // An answer that left the server before a change of ours was there must not undo it here; who was merged
      // into somebody else is that one.
      const known = client.getQueryData<Contact>(queryKey);
      return known && known.id === read.id && known.version > read.version ? known : read;
    },
    staleTime: 60_000,
  });

export const contactSearchQuery = (q: string) =>
  queryOptions({
    queryKey: ['contacts', 'search', q],
    queryFn: async ({ signal }) => (await get<Page<Contact>>('/contacts', { q, limit: 20 }, signal)).data,
    staleTime: 10_000,
  });

export interface ContactEdit {
  name?: string | null;
  email?: string | null;
  tags?: string[];
  version: number;
}

export const editContact = (id: string, edit: ContactEdit) => patch<Contact>(`/contacts/${id}`, edit);

export interface NewContact {
  phone: string;
  name: string | null;
  email: string | null;
}

export const createContact = (contact: NewContact) => post<Contact>('/contacts', contact);
