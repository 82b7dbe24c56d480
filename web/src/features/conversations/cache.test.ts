import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import type { Conversation } from '~/api/contract';
import { applyConversation, belongs, caughtUp, known, newer, place } from './cache';
import { conversationKey } from './keys';

const conversation = (id: string, hour: number, patch: Partial<Conversation> = {}): Conversation => ({
  id,
  contact: {
    id: `c-${id}`,
    name: 'Asha Verma',
    phone: '+91 98200 00001',
    wa_id: null,
    initials: 'AV',
    color: 1,
  },
  number: { id: 'n', name: 'Kite', display_phone_number: '' },
  status: 'open',
  assignee: null,
  unread_count: 0,
  last_message: null,
  last_activity_at: `2026-03-04T${String(hour).padStart(2, '0')}:00:00Z`,
  window: { open: true, closes_at: null },
  snoozed_until: null,
  labels: [],
  changed_seq: 1,
  ...patch,
});
const all = { view: 'all', status: 'open', q: '' } as const;

describe('lists of conversations', () => {
  it('hold what their filters say', () => {
    expect(belongs(conversation('a', 1), all, 'me')).toBe(true);
    expect(belongs(conversation('a', 1, { status: 'closed' }), all, 'me')).toBe(false);
    expect(belongs(conversation('a', 1), { ...all, view: 'mine' }, 'me')).toBe(false);
    expect(
      belongs(conversation('a', 1, { assignee: { id: 'me', name: '' } }), { ...all, view: 'mine' }, 'me'),
    ).toBe(true);
    expect(belongs(conversation('a', 1), { ...all, q: '98200' }, 'me')).toBe(true);
    expect(belongs(conversation('a', 1), { ...all, q: 'ravi' }, 'me')).toBe(false);
  });

  it('stay sorted by newest activity', () => {
    const page = { data: [conversation('a', 9), conversation('b', 8)], next_cursor: null };
    const ids = (moved: Conversation) => place(page, moved, all, 'me').data.map(({ id }) => id);
    expect(ids(conversation('b', 10))).toEqual(['b', 'a']);
    expect(ids(conversation('c', 7))).toEqual(['a', 'b', 'c']);
    expect(ids(conversation('a', 9, { status: 'closed' }))).toEqual(['b']);
  });

  it('do not grow behind a page that is not read yet', () => {
    const page = { data: [conversation('a', 9)], next_cursor: 'x' };
    expect(place(page, conversation('c', 7), all, 'me').data).toHaveLength(1);
  });

  it('are not set back by an answer that left before the change', () => {
    const client = new QueryClient();
    applyConversation(client, conversation('a', 9, { changed_seq: 4 }), 'me');
    applyConversation(client, conversation('c', 7, { changed_seq: 5 }), 'me');
    const before = known(client);
    const page = {
      data: [conversation('a', 9, { changed_seq: 4 }), conversation('b', 8)],
      next_cursor: null,
    };
    // While the page is on its way one is closed, one is told of for the first time, and one stays.
    applyConversation(client, conversation('a', 9, { changed_seq: 6, status: 'closed' }), 'me');
    applyConversation(client, conversation('d', 10, { changed_seq: 7 }), 'me');
    const made = caughtUp(client, page, all, before);
    expect(made.data.map(({ id }) => id)).toEqual(['d', 'b']);
    expect(newer(client, conversation('a', 9, { changed_seq: 4 })).status).toBe('closed');
    client.setQueryData(conversationKey('b'), conversation('b', 8));
    expect(newer(client, conversation('b', 9, { changed_seq: 9 })).changed_seq).toBe(9);
  });
});
