import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import type { Media } from '~/api/contract';
import { get } from '~/api/http';

/** What is known of a file. Its address lives ten minutes at least, so it is asked for anew before. */
export const mediaQuery = (id: string) =>
  queryOptions({
    queryKey: ['media', id],
    queryFn: ({ signal }) => get<Media>(`/media/${id}`, undefined, signal),
    enabled: id !== '',
    staleTime: 8 * 60_000,
  });

/** Remembers a file that was just sent, so that it is drawn at once. */
export const keepMedia = (client: QueryClient, media: Media): void => {
  client.setQueryData(mediaQuery(media.id).queryKey, media);
};

/** As much of a file as is needed to draw it; without its address the room that it takes is drawn. */
export function useFile(
  id: string | null | undefined,
): { url: string | null; filename?: string | null } | null {
  const { data } = useQuery(mediaQuery(id ?? ''));
  return id ? { url: data?.url ?? null, filename: data?.filename } : null;
}
