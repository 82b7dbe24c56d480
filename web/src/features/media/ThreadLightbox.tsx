import { useQuery } from '@tanstack/react-query';
import { threadQuery } from '~/features/messages/thread';
import Lightbox from './Lightbox';

/** The viewer over the pictures and films of an open thread. */
export default function ThreadLightbox({ conversationId }: { conversationId: string }) {
  const { data } = useQuery({ ...threadQuery(conversationId), enabled: false });
  return <Lightbox messages={data?.data ?? []} />;
}
