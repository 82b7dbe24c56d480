/** From what was written to what is sent: one message for each file, words below the first that takes them. */
import type { Draft, Media, Message, MessageKind, Quote } from '~/api/contract';
import { type FileKind, takesCaption } from '~/features/media/limits';
import { copyable } from './content';
import { messageOf } from './messageOf';

export interface Written {
  text: string;
  files: { media: Media; kind: FileKind; name: string }[];
  replyTo: Message | null;
}

export interface Outgoing {
  draft: Draft;
  shown: ReturnType<typeof messageOf>;
}

export function quoteOf(message: Message): Quote {
  const filename = typeof message.content.filename === 'string' ? message.content.filename : '';
  return {
    message_id: message.id,
    direction: message.direction,
    kind: message.kind,
    preview: (copyable(message.kind, message.content) || filename).replace(/\s+/g, ' ').slice(0, 120),
    author_name: message.author?.name ?? null,
  };
}

export function outgoingOf({ text, files, replyTo }: Written, now: Date): Outgoing[] {
  const at = now.toISOString();
  const words = text.trim();
  const captioned = words ? files.findIndex((file) => takesCaption(file.kind)) : -1;
  const messages: Outgoing[] = files.map(({ media, kind, name }, index) => {
    const caption = index === captioned ? words : undefined;
    const filename = kind === 'document' ? name : undefined;
    return {
      draft: { type: kind, media_id: media.id, caption, filename },
      shown: { ...messageOf('out', kind as MessageKind, { caption, filename }, at), media },
    };
  });
  if (words && captioned === -1)
    messages.push({
      draft: { type: 'text', text: { body: words, preview_url: /https?:\/\//.test(words) } },
      shown: messageOf('out', 'text', { body: words }, at),
    });
  const first = messages[0];
  if (first && replyTo) {
    first.draft.reply_to = replyTo.id;
    first.shown.reply_to = quoteOf(replyTo);
  }
  return messages;
}

/** A reaction, or with an empty emoji the end of one. */
export function reactionOf(message: Message, emoji: string, now: Date): Outgoing {
  return {
    draft: { type: 'reaction', reaction: { message_id: message.id, emoji } },
    shown: messageOf('out', 'reaction', { emoji }, now.toISOString()),
  };
}
