/** The messages of the threads that were opened, merged from pages, the live socket and what was asked for since. */
import type { QueryClient } from '@tanstack/react-query';
import type { Message, MessagePage } from '~/api/contract';
import { get } from '~/api/http';

export const threadKey = (conversationId: string) => ['thread', conversationId] as const;

function isNewer(a: Message, b: Message): number {
  return Date.parse(a.at) - Date.parse(b.at);
}

/** Puts messages into a thread: a known one is replaced by its newer version, a new one goes where its time says. */
export function merge(thread: Message[], incoming: Message[]): Message[] {
  const result = [...thread];
  let sorted = true;
  for (const message of incoming) {
    const index = result.findIndex((each) => each.id === message.id);
    const old = result[index];
    if (old) {
      if (message.changed_seq >= old.changed_seq)
        result[index] = { ...message, client_ref: message.client_ref ?? old.client_ref };
      continue;
    }
    const last = result.at(-1);
    if (last && isNewer(message, last) < 0) sorted = false;
    result.push(message);
  }
  return sorted ? result : result.sort(isNewer);
}

/** Reactions are drawn on the message they belong to, never as a line of their own. */
export const isLine = (message: Message): boolean => message.kind !== 'reaction';

export function applyMessage(client: QueryClient, message: Message): void {
  client.setQueryData<MessagePage>(threadKey(message.conversation_id), (old) => {
    if (!old) return old;
    // A thread opened in the past does not show what is newer than its last page.
    if (old.after && !old.data.some((each) => each.id === message.id)) return old;
    return { ...old, data: merge(old.data, [message]) };
  });
}

/** Reads what changed in an open thread since the newest change it has seen. */
export async function catchUp(client: QueryClient, conversationId: string): Promise<void> {
  const thread = client.getQueryData<MessagePage>(threadKey(conversationId));
  if (!thread) return;
  const seen = thread.data.reduce((most, each) => Math.max(most, each.changed_seq), 0);
  try {
    const { data } = await get<{ data: Message[]; seq: number }>(`/conversations/${conversationId}/changes`, {
      after_seq: seen,
    });
    for (const message of data) applyMessage(client, message);
  } catch {
    await client.invalidateQueries({ queryKey: threadKey(conversationId) });
  }
}

export async function catchUpAll(client: QueryClient): Promise<void> {
  const open = client.getQueryCache().findAll({ queryKey: ['thread'], type: 'active' });
  await Promise.all(open.map((query) => catchUp(client, query.queryKey[1] as string)));
}
