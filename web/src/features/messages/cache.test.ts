import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import type { Message, MessagePage } from '~/api/contract';
import { applyMessage, merge, threadKey } from './cache';
import { messageOf } from './messageOf';

const message = (id: string, minute: number, patch: Partial<Message> = {}): Message => ({
  ...messageOf('in', 'text', { body: id }, `2026-03-04T10:${String(minute).padStart(2, '0')}:00Z`),
  id,
  client_ref: null,
  conversation_id: 'c',
  ...patch,
});

describe('merging into a thread', () => {
  it('keeps one of each, the newer version, in order of time', () => {
    const thread = [message('a', 1, { changed_seq: 5 }), message('b', 3)];
    const merged = merge(thread, [
      message('c', 2),
      message('a', 1, { changed_seq: 4, edited: true }),
      message('b', 3, { changed_seq: 9, edited: true }),
    ]);
    expect(merged.map(({ id, edited }) => [id, edited])).toEqual([
      ['a', false],
      ['c', false],
      ['b', true],
    ]);
  });

  it('remembers what it was called here, so that the bubble stays the same', () => {
    const merged = merge([message('a', 1, { client_ref: 'k' })], [message('a', 1, { changed_seq: 2 })]);
    expect(merged[0]?.client_ref).toBe('k');
  });

  it('does not show the newest message in a thread that is opened in the past', () => {
    const client = new QueryClient();
    const page: MessagePage = { data: [message('a', 1)], before: null, after: 'x' };
    client.setQueryData(threadKey('c'), page);
    applyMessage(client, message('b', 2));
    expect(client.getQueryData<MessagePage>(threadKey('c'))?.data).toHaveLength(1);
    applyMessage(client, message('a', 1, { changed_seq: 3, revoked: true }));
    expect(client.getQueryData<MessagePage>(threadKey('c'))?.data[0]?.revoked).toBe(true);
  });
});
