/**
 * What was written here and is not yet known to be with the server. Each entry
 * keeps one key for life: however often it is sent, on a line that breaks in
 * the middle, the server does it once. Kept in the tab's storage, so that a
 * reload does not lose it.
 */
import { useSyncExternalStore } from 'react';
import type { Draft, Message } from '~/api/contract';
import { post } from '~/api/http';
import { isTransient, Problem } from '~/api/problem';
import { queryClient } from '~/api/queryClient';
import { applyMessage } from './cache';

export interface Entry {
  key: string;
  conversationId: string;
  draft: Draft;
  /** What to draw until the server's own version is here. */
  shown: Message;
  at: number;
  tries: number;
  /** Set once the server refused; it is then for a person to decide. */
  refused: { code: string } | null;
}

const storage = 'wigwag-outbox';
const LONGEST_WAIT_MS = 20_000;

let entries: Entry[] = restore();
const listeners = new Set<() => void>();
const busy = new Set<string>();
const timers = new Map<string, ReturnType<typeof setTimeout>>();

function restore(): Entry[] {
  try {
    return JSON.parse(sessionStorage.getItem(storage) ?? '[]') as Entry[];
  } catch {
    return [];
  }
}

function set(next: Entry[]): void {
  entries = next;
  try {
    sessionStorage.setItem(storage, JSON.stringify(entries));
  } catch {
    // Storage may be full or forbidden; the entry is still in memory.
  }
  for (const each of listeners) each();
}

function change(key: string, patch: Partial<Entry>): void {
  set(entries.map((each) => (each.key === key ? { ...each, ...patch } : each)));
}

function drop(key: string): void {
  clearTimeout(timers.get(key));
  timers.delete(key);
  if (entries.some((each) => each.key === key)) set(entries.filter((each) => each.key !== key));
}

/** Order matters to the reader: within a conversation one waits for the one before it. */
function isFirst(entry: Entry): boolean {
  return (
    entries.find((each) => each.conversationId === entry.conversationId && !each.refused)?.key === entry.key
  );
}

async function attempt(key: string): Promise<void> {
  const entry = entries.find((each) => each.key === key);
  if (!entry || entry.refused || busy.has(key) || !isFirst(entry)) return;
  busy.add(key);
  clearTimeout(timers.get(key));
  try {
    const message = await post<Message>(
      `/conversations/${entry.conversationId}/messages`,
      { ...entry.draft, client_ref: key },
      { 'Idempotency-Key': key },
    );
    applyMessage(queryClient, message);
    drop(key);
  } catch (error) {
    if (isTransient(error)) {
      const wait =
        (error instanceof Problem && error.retryAfterMs) || Math.min(LONGEST_WAIT_MS, 500 * 2 ** entry.tries);
      change(key, { tries: entry.tries + 1 });
      timers.set(
        key,
        setTimeout(() => void attempt(key), wait),
      );
    } else {
      change(key, { refused: { code: error instanceof Problem ? error.code : 'internal' } });
    }
  } finally {
    busy.delete(key);
    flush();
  }
}

function flush(): void {
  for (const entry of entries) if (!timers.has(entry.key) || entry.tries === 0) void attempt(entry.key);
}

function hurry(): void {
  for (const timer of timers.values()) clearTimeout(timer);
  timers.clear();
  flush();
}

/** Takes up what a reload left behind and hurries when the line is back; returns how to stop. */
export function startOutbox(): () => void {
  hurry();
  window.addEventListener('online', hurry);
  return () => window.removeEventListener('online', hurry);
}

export function enqueue(
  conversationId: string,
  draft: Draft,
  shown: Omit<Message, 'id' | 'client_ref' | 'conversation_id'>,
): void {
  const key = crypto.randomUUID();
  const message: Message = { ...shown, id: key, client_ref: key, conversation_id: conversationId };
  set([...entries, { key, conversationId, draft, shown: message, at: Date.now(), tries: 0, refused: null }]);
  void attempt(key);
}

/** The server's version has come, by answer or by the live socket. */
export const settle = (clientRef: string): void => {
  drop(clientRef);
  flush();
};

export const discard = (key: string): void => {
  drop(key);
  flush();
};

/** Forgets everything: what one person wrote must not go out under the name of the next. */
export function emptyOutbox(): void {
  for (const timer of timers.values()) clearTimeout(timer);
  timers.clear();
  set([]);
}

/** Tries a refused one again, on a person's word: a new key, because the old answer stands. */
export function sendAgain(key: string): void {
  const entry = entries.find((each) => each.key === key);
  if (!entry) return;
  drop(key);
  const { id: _id, client_ref: _ref, conversation_id: _conversation, ...shown } = entry.shown;
  enqueue(entry.conversationId, entry.draft, { ...shown, at: new Date().toISOString() });
}

export function useOutbox(): Entry[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => entries,
  );
}
