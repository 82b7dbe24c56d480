import { describe, expect, it } from 'vitest';
import type { Media, Message } from '~/api/contract';
import { messageOf } from './messageOf';
import { outgoingOf, reactionOf } from './outgoing';

const now = new Date('2026-03-04T10:00:00Z');
const media = (id: string): Media => ({
  id,
  kind: 'image',
  mime_type: 'image/png',
  filename: null,
  size: 1,
  sha256: null,
  state: 'ready',
  url: '/x',
  width: 1,
  height: 1,
  failure: null,
});
const original: Message = {
  ...messageOf('in', 'text', { body: 'Is it\nthere?' }, '2026-03-04T09:00:00Z'),
  id: 'm1',
  client_ref: null,
  conversation_id: 'c',
};

describe('what is sent', () => {
  it('is nothing where nothing was written', () => {
    expect(outgoingOf({ text: ' \n', files: [], replyTo: null }, now)).toEqual([]);
  });

  it('is a text, with what it answers', () => {
    const [message, ...rest] = outgoingOf({ text: ' Yes ', files: [], replyTo: original }, now);
    expect(rest).toEqual([]);
    expect(message?.draft).toEqual({
      type: 'text',
      text: { body: 'Yes', preview_url: false },
      reply_to: 'm1',
    });
    expect(message?.shown).toMatchObject({
      state: 'queued',
      reply_to: { message_id: 'm1', preview: 'Is it there?' },
    });
  });

  it('has the words below the first file that takes them', () => {
    const sound = { media: media('a'), kind: 'audio' as const, name: 'a.ogg' };
    const picture = { media: media('b'), kind: 'image' as const, name: 'b.png' };
    const messages = outgoingOf({ text: 'Look', files: [sound, picture], replyTo: original }, now);
    expect(messages.map(({ draft }) => draft)).toEqual([
      { type: 'audio', media_id: 'a', caption: undefined, filename: undefined, reply_to: 'm1' },
      { type: 'image', media_id: 'b', caption: 'Look', filename: undefined },
    ]);
  });

  it('has the words behind where no file takes them', () => {
    const sound = { media: media('a'), kind: 'audio' as const, name: 'a.ogg' };
    expect(
      outgoingOf({ text: 'Listen', files: [sound], replyTo: null }, now).map(({ draft }) => draft.type),
    ).toEqual(['audio', 'text']);
  });

  it('names documents', () => {
    const paper = { media: media('a'), kind: 'document' as const, name: 'bill.pdf' };
    expect(outgoingOf({ text: '', files: [paper], replyTo: null }, now)[0]?.draft.filename).toBe('bill.pdf');
  });

  it('takes a reaction back with an empty emoji', () => {
    expect(reactionOf(original, '', now).draft).toEqual({
      type: 'reaction',
      reaction: { message_id: 'm1', emoji: '' },
    });
  });
});
