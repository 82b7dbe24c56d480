import { type QueryClient, skipToken, useQuery } from '@tanstack/react-query';
import type { Media } from '~/api/contract';
import type { PreviewMedia } from '~/features/templates/preview/HeaderPicture';
import type { Header } from '../contract';

const keyOf = (id: string) => ['media', id];

/** Remembers a file that was just sent: its address is signed and told only once. */
export const keepMedia = (client: QueryClient, media: Media): void => {
  client.setQueryData(keyOf(media.id), media);
};

/** The file of a header as far as it is known here; without its address the phone draws the room it takes. */
export function useHeaderMedia(header: Header | null): PreviewMedia | null {
  const id = header?.media_id ?? '';
  const { data } = useQuery<Media>({ queryKey: keyOf(id), queryFn: skipToken });
  return id ? { url: data?.url ?? null, filename: data?.filename } : null;
}
