import { useRef } from 'react';
import { tell } from '~/api/live';
import { showTyping } from '~/features/conversations/api';

/** The customer's phone shows the mark for 25 seconds; colleagues' screens for six. */
const CUSTOMER_MS = 20_000;
const TEAM_MS = 3_000;

/** Tells the customer and the team that somebody writes here, not more often than it lasts. */
export function useTyping(conversationId: string): () => void {
  const told = useRef({ customer: 0, team: 0 });
  return () => {
    const now = performance.now();
    if (!told.current.team || now - told.current.team > TEAM_MS) {
      told.current.team = now;
      tell({ type: 'typing', conversation_id: conversationId });
    }
    if (!told.current.customer || now - told.current.customer > CUSTOMER_MS) {
      told.current.customer = now;
      // It is a courtesy: where it fails nobody needs to know.
      showTyping(conversationId).catch(() => undefined);
    }
  };
}
