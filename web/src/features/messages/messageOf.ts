import type { Direction, Message, MessageKind } from '~/api/contract';

/** A message as it is before anything is known about it: what is drawn until the server's own is here. */
export function messageOf(
  direction: Direction,
  kind: MessageKind,
  content: Record<string, unknown>,
  at: string,
): Omit<Message, 'id' | 'client_ref' | 'conversation_id'> {
  return {
    direction,
    kind,
    content,
    media: null,
    state: direction === 'out' ? 'queued' : null,
    failure: null,
    reply_to: null,
    reactions: [],
    author: null,
    source: 'composer',
    at,
    sent_at: null,
    delivered_at: null,
    read_at: null,
    edited: false,
    revoked: false,
    referral: null,
    changed_seq: 0,
    cost: null,
    callback_data: null,
  };
}
