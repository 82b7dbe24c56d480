import { queryOptions } from '@tanstack/react-query';
import type { Page } from '~/api/contract';
import { apiUrl, get, getCsrfToken, patch, post, problemFrom } from '~/api/http';
import { Unreachable } from '~/api/problem';
import {
  type Agreement,
  type Become,
  type Checked,
  type Column,
  type Import,
  type ImportSummary,
  isMoving,
  writeTarget,
} from './importing';

const EVERY_MS = 1000;
const EARLIER = 5;

/** Sends a file; the server reads its encoding, its separator and its first rows. */
export function uploadFile(file: File, onProgress: (share: number) => void): Promise<Import> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText) as Import);
      else
        reject(problemFrom(request.status, request.responseText, request.getResponseHeader('Retry-After')));
    };
    request.onerror = () => reject(new Unreachable('no answer'));
    const form = new FormData();
    form.set('file', file, file.name);
    request.open('POST', apiUrl('/imports'));
    request.setRequestHeader('X-CSRF-Token', getCsrfToken());
    request.setRequestHeader('Accept', 'application/json');
    request.send(form);
  });
}

export interface Wish {
  map: Become[];
  columns: Column[];
  country: string;
  tag: string;
  listName: string;
  agreement: Agreement | null;
}

/** What was chosen, as the server reads it. */
export const bodyOf = ({ map, columns, country, tag, listName, agreement }: Wish) => ({
  mapping: columns.map(({ name }, index) => writeTarget(map[index] ?? { to: 'ignore' }, name)),
  default_country: country || null,
  tags: tag.trim() ? [tag.trim()] : [],
  list_name: listName.trim(),
  consent: agreement,
});

export const checkImport = (id: string, wish: Wish) => post<Checked>(`/imports/${id}/check`, bodyOf(wish));
/** Reads a file otherwise: its first row as the names of the columns, or as a person like the others. */
export const readImport = (id: string, hasHeader: boolean) =>
  patch<Import>(`/imports/${id}`, { has_header: hasHeader });
/** Brings in what was tried last. */
export const runImport = (id: string) => post<Import>(`/imports/${id}/run`, {});

/** Takes it back, as far as nothing else has touched it since. */
export const undoImport = (id: string) => post<Import>(`/imports/${id}/undo`, {});

/** How far a file is; asked again while it is brought in. */
export const importQuery = (id: string) =>
  queryOptions({
    queryKey: ['audience', 'import', id],
    queryFn: ({ signal }) => get<Import>(`/imports/${id}`, undefined, signal),
    enabled: id !== '',
    refetchInterval: ({ state }) => (isMoving(state.data) ? EVERY_MS : false),
    staleTime: 0,
  });

/** Files that were brought in lately, the newest first. */
export const importListQuery = queryOptions({
  queryKey: ['audience', 'imports'],
  queryFn: async ({ signal }) =>
    (await get<Page<ImportSummary>>('/imports', { limit: EARLIER }, signal)).data,
  staleTime: 10_000,
});

export const errorsFile = (id: string): string => apiUrl(`/imports/${id}/errors.csv`);
