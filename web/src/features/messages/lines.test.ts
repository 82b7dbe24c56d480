import { describe, expect, it } from 'vitest';
import type { Draft, Message } from '~/api/contract';
import { firstUnread, linesOf } from './lines';
import { messageOf } from './messageOf';
import type { Entry } from './outbox';

let made = 0;

function message(patch: Partial<Message>): Message {
  made += 1;
  return {
    ...messageOf('in', 'text', { body: 'a' }, '2026-03-04T10:00:00Z'),
    id: `m${made}`,
    client_ref: null,
    conversation_id: 'c',
    ...patch,
  };
}

const entry = (draft: Draft, patch: Partial<Entry> = {}): Entry => {
  const key = patch.key ?? 'k';
  const kind = draft.reaction ? 'reaction' : 'text';
  const shown = message({ id: key, client_ref: key, kind, direction: 'out', state: 'queued' });
  return { key, conversationId: 'c', draft, shown, at: 0, tries: 0, refused: null, ...patch };
};

describe('the lines of a thread', () => {
  it('has a divider for each day and groups what was written together', () => {
    const lines = linesOf(
      [
        message({ id: 'a', at: '2026-03-04T10:00:00Z' }),
        message({ id: 'b', at: '2026-03-04T10:02:00Z' }),
        message({ id: 'c', at: '2026-03-04T10:09:00Z' }),
        message({ id: 'd', direction: 'out', at: '2026-03-04T10:09:30Z' }),
        message({ id: 'e', direction: 'out', at: '2026-03-06T10:09:30Z' }),
      ],
      [],
      null,
    );
    expect(
      lines.map((line) => (line.kind === 'message' ? `${line.key}${line.first ? '!' : ''}` : line.kind)),
    ).toEqual(['day', 'a!', 'b', 'c!', 'd!', 'day', 'e!']);
  });

  it('draws what waits once, and not any more when the server has it', () => {
    const waiting = entry({ type: 'text', text: { body: 'x' } });
    expect(linesOf([], [waiting], null).filter((line) => line.kind === 'message')).toHaveLength(1);
    const arrived = message({ client_ref: 'k', direction: 'out' });
    const lines = linesOf([arrived], [waiting], null).filter((line) => line.kind === 'message');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ key: 'k', entry: null });
  });

  it('shows a reaction on its way on the message it is about, never as a line', () => {
    const target = message({
      id: 'a',
      reactions: [
        { emoji: '❤️', by: 'contact' },
        { emoji: '👎', by: 'business' },
      ],
    });
    const react = (emoji: string) =>
      linesOf([target], [entry({ type: 'reaction', reaction: { message_id: 'a', emoji } })], null);
    const lines = react('👍');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatchObject({
      message: { reactions: [{ emoji: '❤️' }, { emoji: '👍', by: 'business' }] },
    });
    expect(react('')[1]).toMatchObject({ message: { reactions: [{ emoji: '❤️' }] } });
  });

  it('puts the divider above the first message that was not read', () => {
    const thread = [
      message({ id: 'a' }),
      message({ id: 'b', direction: 'out' }),
      message({ id: 'c' }),
      message({ id: 'r', kind: 'reaction' }),
      message({ id: 'd' }),
    ];
    expect(firstUnread(thread, 2)).toBe('c');
    expect(firstUnread(thread, 0)).toBeNull();
    expect(firstUnread(thread, 9)).toBeNull();
    const lines = linesOf(thread, [], 'c');
    expect(lines.map((line) => line.kind)).toEqual([
      'day',
      'message',
      'message',
      'unread',
      'message',
      'message',
    ]);
  });
});
