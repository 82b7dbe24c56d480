import i18next from 'i18next';
import type { Message } from '~/api/contract';
import type en from '~/texts/en';
import type { Entry } from './outbox';

type Reason = keyof typeof en.failures;

const isKnown = (reason: string): reason is Reason => i18next.exists(`failures.${reason}`);

/** The line that says why a message did not go out and what to do; null where nothing is wrong. */
export function failureOf(
  message: Message,
  entry: Entry | null,
): { reason: Reason; code: number | null } | null {
  if (entry?.refused)
    return { reason: isKnown(entry.refused.code) ? entry.refused.code : 'refused', code: null };
  if (message.state === 'unconfirmed') return { reason: 'unconfirmed', code: null };
  if (message.state !== 'failed' && message.state !== 'skipped') return null;
  const reason = message.failure?.reason ?? '';
  return { reason: isKnown(reason) ? reason : 'generic', code: message.failure?.code ?? null };
}

/** The same message once more, when it can be made again from what is known of it. */
export function draftAgain(message: Message): Entry['draft'] | null {
  const { kind, content, media } = message;
  if (kind === 'text' && typeof content.body === 'string')
    return { type: 'text', text: { body: content.body } };
  if (
    media &&
    (kind === 'image' || kind === 'video' || kind === 'audio' || kind === 'document' || kind === 'sticker')
  )
    return {
      type: kind,
      media_id: media.id,
      caption: typeof content.caption === 'string' ? content.caption : undefined,
      filename: kind === 'document' ? (media.filename ?? undefined) : undefined,
      voice: kind === 'audio' ? content.voice === true : undefined,
    };
  return null;
}
