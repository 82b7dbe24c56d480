/** What a thread draws, from top to bottom: dividers and bubbles that know whether they begin a group. */
import type { Message } from '~/api/contract';
import { dayKey } from '~/lib/format';
import { isLine } from './cache';
import type { Entry } from './outbox';

export type Line =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'unread'; key: string }
  | {
      kind: 'message';
      key: string;
      message: Message;
      /** The first of a group has the tail. */
      first: boolean;
      /** What waits here or was refused; null once the server has it. */
      entry: Entry | null;
    };

const GROUP_MS = 5 * 60_000;

function goesOn(previous: Message, message: Message): boolean {
  return (
    previous.direction === message.direction &&
    previous.kind !== 'system' &&
    message.kind !== 'system' &&
    previous.author?.member_id === message.author?.member_id &&
    previous.source === message.source &&
    Math.abs(Date.parse(message.at) - Date.parse(previous.at)) < GROUP_MS
  );
}

/** Our own reactions that are on their way, on the messages that they are about. */
function withReactions(message: Message, pending: Entry[]): Message {
  const last = pending.findLast((each) => each.draft.reaction?.message_id === message.id)?.draft.reaction;
  if (!last) return message;
  const others = message.reactions.filter((each) => each.by !== 'business');
  return {
    ...message,
    reactions: last.emoji ? [...others, { emoji: last.emoji, by: 'business' }] : others,
  };
}

/** `unreadFrom`: the message above which the divider of what was not read yet stands. */
export function linesOf(messages: Message[], entries: Entry[], unreadFrom: string | null): Line[] {
  const known = new Set(messages.map((each) => each.client_ref));
  const waiting = entries.filter((each) => !known.has(each.key));
  const reactions = waiting.filter((each) => each.draft.reaction && !each.refused);
  const lines: Line[] = [];
  let day = '';
  let previous: Message | null = null;
  const add = (message: Message, entry: Entry | null) => {
    const key = message.client_ref ?? message.id;
    const today = dayKey(message.at);
    if (today !== day) {
      lines.push({ kind: 'day', key: `day-${today}`, at: message.at });
      day = today;
      previous = null;
    }
    if (message.id === unreadFrom) {
      lines.push({ kind: 'unread', key: 'unread' });
      previous = null;
    }
    lines.push({ kind: 'message', key, message, entry, first: !previous || !goesOn(previous, message) });
    previous = message;
  };
  for (const message of messages)
    if (isLine(message)) add(reactions.length > 0 ? withReactions(message, reactions) : message, null);
  for (const entry of waiting) if (isLine(entry.shown)) add(entry.shown, entry);
  return lines;
}

/** The first of the last `count` inbound messages: what a member has not seen. */
export function firstUnread(messages: Message[], count: number): string | null {
  let left = count;
  for (let index = messages.length - 1; index >= 0 && left > 0; index -= 1) {
    const message = messages[index];
    if (message?.direction !== 'in' || !isLine(message)) continue;
    left -= 1;
    if (left === 0) return message.id;
  }
  return null;
}
