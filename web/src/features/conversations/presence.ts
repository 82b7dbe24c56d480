import { useEffect, useSyncExternalStore } from 'react';
import { type Presence, tell } from '~/api/live';

const byConversation = new Map<string, Presence['members']>();
const listeners = new Set<() => void>();
const nobody: Presence['members'] = [];

export function setPresence(presence: Presence): void {
  byConversation.set(presence.conversation_id, presence.members);
  for (const each of listeners) each();
}

/** Who else looks at a conversation, and whether they type. */
export function usePresence(conversationId: string): Presence['members'] {
  useEffect(() => {
    const view = () => tell({ type: 'viewing', conversation_id: document.hidden ? null : conversationId });
    view();
    document.addEventListener('visibilitychange', view);
    return () => {
      document.removeEventListener('visibilitychange', view);
      tell({ type: 'viewing', conversation_id: null });
    };
  }, [conversationId]);
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => byConversation.get(conversationId) ?? nobody,
  );
}
