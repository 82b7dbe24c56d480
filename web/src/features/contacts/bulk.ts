/** Things done to many contacts at a time: begun here, carried out by the server, followed until they end. */
import { queryOptions } from '@tanstack/react-query';
import type { Narrowed, Page, Schemas, Told } from '~/api/contract';
import { apiUrl, get, getCsrfToken, post, problemFrom } from '~/api/http';
import { Unreachable } from '~/api/problem';
import type { Filter } from '~/features/audience/contract';

export type Action =
  | { type: 'add_tags' | 'remove_tags'; tags: string[] }
  | { type: 'assign'; member_id: string | null }
  | { type: 'block' | 'unblock' | 'erase' };

type Stage = 'running' | 'done' | 'failed';

export type Bulk = Narrowed<
  'BulkActionStatus',
  {
    state: Stage;
    undo: Narrowed<'BulkUndo', { state: Stage }> | null;
  }
>;

export type Failure = Told<Schemas['BulkFailure']>;

/** Whom it means: those who were ticked, or everybody whom the list means. */
export type Who = { contact_ids: string[] } | { filter: Filter };

const EVERY_MS = 1000;

export const actionOf = (bulk: Bulk): Action => bulk.action as Action;

/** Whether it is being done or taken back. */
export const isMoving = (bulk: Bulk | undefined): boolean =>
  bulk?.state === 'running' || bulk?.undo?.state === 'running';

export const startBulk = (action: Action, who: Who) => post<Bulk>('/contacts/bulk', { action, ...who });
export const undoBulk = (id: string) => post<Bulk>(`/contacts/bulk/${id}/undo`, {});

/** The last thing that was done to many; asked again while it is being done. */
export const lastBulkQuery = queryOptions({
  queryKey: ['contacts', 'bulk'],
  queryFn: async ({ signal }) =>
    (await get<Page<Bulk>>('/contacts/bulk', { limit: 1 }, signal)).data[0] ?? null,
  refetchInterval: ({ state }) => (isMoving(state.data ?? undefined) ? EVERY_MS : false),
  staleTime: 5_000,
});

export const failuresQuery = (id: string) =>
  queryOptions({
    queryKey: ['contacts', 'bulk', id, 'failures'],
    queryFn: async ({ signal }) =>
      (await get<Page<Failure>>(`/contacts/bulk/${id}/failures`, { limit: 100 }, signal)).data,
  });

/** Fetches the people of a filter as a file and hands it to the browser. */
export async function downloadContacts(filter: Filter): Promise<void> {
  let response: Response;
  try {
    response = await fetch(apiUrl('/contacts/export'), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': getCsrfToken() },
      credentials: 'same-origin',
      body: JSON.stringify({ filter }),
    });
  } catch {
    throw new Unreachable('no answer');
  }
  if (!response.ok)
    throw problemFrom(response.status, await response.text(), response.headers.get('Retry-After'));
  // A file that breaks off is no file: nothing is handed over before all of it is here.
  const blob = await response.blob().catch(() => {
    throw new Unreachable('answer cut off');
  });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = 'contacts.csv';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
