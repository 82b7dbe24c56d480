/** Reads threads: the newest page first, older and newer ones as they are scrolled to. */
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import type { Message, MessagePage } from '~/api/contract';
import { get } from '~/api/http';
import { merge, threadKey } from './cache';

const PAGE = 60;

interface Place {
  before?: string;
  after?: string;
  around?: string;
}

function readPage(conversationId: string, place: Place, limit = PAGE, signal?: AbortSignal) {
  return get<MessagePage>(`/conversations/${conversationId}/messages`, { limit, ...place }, signal);
}

export const threadQuery = (conversationId: string) =>
  queryOptions({
    queryKey: threadKey(conversationId),
    queryFn: ({ signal }) => readPage(conversationId, {}, PAGE, signal),
    // The live socket keeps it true from here on.
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Puts the page before the oldest message that is known in front of it. */
export async function readOlder(client: QueryClient, conversationId: string): Promise<void> {
  const before = client.getQueryData<MessagePage>(threadKey(conversationId))?.before;
  if (!before) return;
  const page = await readPage(conversationId, { before });
  client.setQueryData<MessagePage>(threadKey(conversationId), (old) =>
    old && old.before === before ? { ...old, data: merge(page.data, old.data), before: page.before } : old,
  );
}

/** Puts the page after the newest message that is known behind it; there is none at the thread's end. */
export async function readNewer(client: QueryClient, conversationId: string): Promise<void> {
  const after = client.getQueryData<MessagePage>(threadKey(conversationId))?.after;
  if (!after) return;
  const page = await readPage(conversationId, { after });
  client.setQueryData<MessagePage>(threadKey(conversationId), (old) =>
    old && old.after === after ? { ...old, data: merge(old.data, page.data), after: page.after } : old,
  );
}

/** Makes sure that a message is loaded: the thread is read anew around it when it is far away. */
export async function readAround(
  client: QueryClient,
  conversationId: string,
  messageId: string,
): Promise<void> {
  const known = client.getQueryData<MessagePage>(threadKey(conversationId));
  if (known?.data.some((each) => each.id === messageId)) return;
  const page = await readPage(conversationId, { around: messageId });
  client.setQueryData(threadKey(conversationId), page);
}

/** Goes back to the newest page after a look into the past. */
export async function readEnd(client: QueryClient, conversationId: string): Promise<void> {
  if (!client.getQueryData<MessagePage>(threadKey(conversationId))?.after) return;
  const page = await readPage(conversationId, {});
  client.setQueryData(threadKey(conversationId), page);
}

/** The addresses of files are good for some minutes: reads a message again for a fresh one. */
export async function readAgain(client: QueryClient, message: Message): Promise<void> {
  const page = await readPage(message.conversation_id, { around: message.id }, 1);
  client.setQueryData<MessagePage>(threadKey(message.conversation_id), (old) =>
    old
      ? {
          ...old,
          data: merge(
            old.data,
            page.data.filter((each) => each.id === message.id),
          ),
        }
      : old,
  );
}
