/**
 * The live socket: one per tab, resumed after a break with the last sequence
 * number seen, so that nothing between is missed. It only carries; what an
 * event means is decided by who listens.
 */
import { useSyncExternalStore } from 'react';
import type { Conversation, Message } from './contract';
import { apiUrl } from './http';

export type LiveEvent =
  | { kind: 'conversation.changed'; conversation: Conversation }
  | { kind: 'message.created'; message: Message; conversation_id: string }
  | { kind: 'message.changed'; message: Message }
  | { kind: 'contact.changed'; contact_id: string }
  | { kind: 'number.changed'; number_id: string }
  | { kind: 'template.changed'; template_id: string }
  | { kind: 'campaign.changed'; campaign_id: string }
  | { kind: 'import.changed'; import_id: string };

export interface Presence {
  conversation_id: string;
  members: { member_id: string; name: string; typing: boolean }[];
}

type Incoming =
  | { type: 'hello'; seq: number }
  | { type: 'event'; seq: number; event: LiveEvent }
  | { type: 'resync' }
  | { type: 'nudge'; conversation_id: string }
  | ({ type: 'presence' } & Presence)
  | { type: 'ping' };

export interface LiveListener {
  event: (event: LiveEvent) => void;
  /** Everything that was read before may be old. */
  resync: () => void;
  nudge: (conversationId: string) => void;
  presence: (presence: Presence) => void;
  /** The socket is up for the first time: what was read before it may have missed something. */
  begun: () => void;
  /** The socket is up again after a break. */
  resumed: () => void;
}

export type Connection = 'connecting' | 'live' | 'lost';

const LOST_AFTER_MS = 4000;
const LONGEST_WAIT_MS = 15_000;

let connection: Connection = 'connecting';
const watchers = new Set<() => void>();

function setConnection(next: Connection): void {
  if (next === connection) return;
  connection = next;
  for (const each of watchers) each();
}

export function useConnection(): Connection {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => connection,
  );
}

let socket: WebSocket | null = null;

/** Says something about this tab; dropped when there is no line, because it would be old by then. */
export function tell(message: { type: 'typing' | 'viewing'; conversation_id: string | null }): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function address(after: number | null): string {
  const url = new URL(apiUrl('/live', { after }), location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

/** Opens the socket and keeps it open until the returned function is called. */
export function connect(listener: LiveListener): () => void {
  let seq: number | null = null;
  let tries = 0;
  let stopped = false;
  let wasLive = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let lost: ReturnType<typeof setTimeout> | undefined;

  const receive = (data: string) => {
    const message = JSON.parse(data) as Incoming;
    switch (message.type) {
      case 'hello':
        tries = 0;
        clearTimeout(lost);
        lost = undefined;
        setConnection('live');
        // A server that counts from lower than we heard is another one: start afresh.
        if (seq !== null && message.seq < seq) {
          seq = message.seq;
          listener.resync();
        }
        seq ??= message.seq;
        if (wasLive) listener.resumed();
        else listener.begun();
        wasLive = true;
        break;
      case 'event':
        if (seq !== null && message.seq <= seq) break;
        seq = message.seq;
        listener.event(message.event);
        break;
      case 'resync':
        seq = null;
        listener.resync();
        break;
      case 'nudge':
        listener.nudge(message.conversation_id);
        break;
      case 'presence':
        listener.presence(message);
        break;
    }
  };

  const open = () => {
    clearTimeout(retry);
    const mine = new WebSocket(address(seq));
    socket = mine;
    mine.onmessage = (event) => receive(event.data as string);
    mine.onclose = () => {
      if (stopped || socket !== mine) return;
      lost ??= setTimeout(() => setConnection('lost'), LOST_AFTER_MS);
      const wait = Math.min(LONGEST_WAIT_MS, 300 * 2 ** tries) * (0.7 + Math.random() * 0.6);
      tries += 1;
      retry = setTimeout(open, wait);
    };
  };

  const hurry = () => {
    if (socket && socket.readyState > WebSocket.OPEN) {
      tries = 0;
      open();
    }
  };

  open();
  window.addEventListener('online', hurry);
  document.addEventListener('visibilitychange', hurry);
  return () => {
    stopped = true;
    clearTimeout(retry);
    clearTimeout(lost);
    window.removeEventListener('online', hurry);
    document.removeEventListener('visibilitychange', hurry);
    socket?.close();
    socket = null;
  };
}
