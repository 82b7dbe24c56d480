import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Conversation } from '~/api/contract';
import { useMe } from '~/features/session/api';
import { readConversation } from './api';
import { applyConversation, recount } from './cache';

/** Long enough that a conversation one only passes by with the keys stays unread. */
const PAUSE_MS = 500;

/** Marks a conversation as read while it is looked at. */
export function useReading(conversation: Conversation): void {
  const client = useQueryClient();
  const me = useMe().id;
  const { id, unread_count, changed_seq } = conversation;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a message that comes while it is open is a reason to read again, and its sequence number says so.
  useEffect(() => {
    if (unread_count === 0) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(timer);
      if (!document.hidden) timer = setTimeout(read, PAUSE_MS);
    };
    const read = async () => {
      try {
        const answer: Conversation | undefined = await readConversation(id);
        if (answer?.id) applyConversation(client, answer, me);
        recount(client);
      } catch {
        // The next message, or the next look, tries again.
      }
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [client, id, me, unread_count, changed_seq]);
}
