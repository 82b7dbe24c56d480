import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Media, Message } from '~/api/contract';
import { words } from '~/features/messages/content';
import { FormattedText } from '~/features/messages/FormattedText';
import { readAgain } from '~/features/messages/thread';
import { bytes } from '~/lib/format';
import { IconDownload, IconFile, IconImage, IconPlay, IconWarning } from '~/ui/icons';
import { look } from './lightbox';
import classes from './MediaBody.module.css';
import { Sound } from './Sound';

const WIDEST = 320;
const HIGHEST = 340;

/** The room a picture takes, known before it is here, so that nothing moves when it comes. */
function roomFor({ width, height }: Media): { inlineSize: number; aspectRatio: string } {
  if (!width || !height) return { inlineSize: 280, aspectRatio: '4 / 3' };
  const shape = Math.min(2.2, Math.max(0.62, width / height));
  const wide = Math.max(160, Math.min(WIDEST, HIGHEST * shape, Math.max(width, 220)));
  return { inlineSize: Math.round(wide), aspectRatio: String(shape) };
}

/** Asks for a fresh address when the old one is over, once for each address. */
function useFreshAddress(message: Message): () => void {
  const client = useQueryClient();
  const asked = useRef<string | null>(null);
  return () => {
    const url = message.media?.url ?? null;
    if (asked.current === url || message.changed_seq === 0) return;
    asked.current = url;
    readAgain(client, message).catch(() => undefined);
  };
}

/** A picture, film, sound, sticker or document, with its caption. */
export function MediaBody({ message, stamp, over }: { message: Message; stamp: ReactNode; over: ReactNode }) {
  const caption = words(message.content, 'caption');
  // On a picture the time lies over it; beside a sound and below a document it has a place of its own.
  const flat = message.kind === 'audio' || message.kind === 'document';
  return (
    <>
      <MediaView
        message={message}
        stamp={flat && !caption ? stamp : null}
        over={flat || caption ? null : over}
      />
      {caption ? (
        <div className={classes.caption}>
          <FormattedText text={caption} end={stamp} />
        </div>
      ) : null}
    </>
  );
}

/** The file alone, for headers of templates too. */
export function MediaView({
  message,
  stamp,
  over,
}: {
  message: Message;
  stamp?: ReactNode;
  over?: ReactNode;
}) {
  const { t } = useTranslation();
  const { media, content, kind } = message;
  const expired = useFreshAddress(message);
  const link = words(content, 'link');
  if (!media && link.startsWith('https://'))
    return <Linked message={message} link={link} stamp={over ?? stamp} />;
  if (!media?.url) return <Missing message={message} over={over ?? stamp} />;
  const shape = media.kind || kind;
  if (shape === 'sticker')
    return (
      <span className={classes.loose}>
        <img className={classes.sticker} src={media.url} alt={t('kinds.sticker')} onError={expired} />
        {over}
      </span>
    );
  if (shape === 'audio')
    return <Sound url={media.url} voice={content.voice === true} onExpired={expired} stamp={stamp} />;
  if (shape === 'image' || shape === 'video') {
    const film = shape === 'video';
    return (
      <button
        type="button"
        className={classes.frame}
        style={roomFor(media)}
        aria-label={t(film ? 'media.openFilm' : 'media.openPicture')}
        onClick={() => look(message)}
      >
        {film ? (
          <>
            <video src={`${media.url}#t=0.1`} preload="metadata" muted playsInline onError={expired} />
            <span className={classes.play} aria-hidden="true">
              <IconPlay size={24} fill="currentColor" strokeWidth={0} />
            </span>
          </>
        ) : (
          <img
            src={media.url}
            alt={words(content, 'caption') || t('kinds.image')}
            loading="lazy"
            onError={expired}
          />
        )}
        {over}
      </button>
    );
  }
  const name = words(content, 'filename') || media.filename || t('kinds.document');
  const ending = name.includes('.') ? (name.split('.').at(-1) ?? '').slice(0, 4) : '';
  return (
    <>
      <a className={classes.file} href={media.url} download={name} title={name}>
        <span className={classes.paper} aria-hidden="true">
          <IconFile size={20} strokeWidth={1.75} />
        </span>
        <span className={classes.name}>
          <bdi>{name}</bdi>
          <span>
            {[ending.toUpperCase(), media.size ? bytes(media.size) : ''].filter(Boolean).join(' · ')}
          </span>
        </span>
        <IconDownload size={18} strokeWidth={1.75} aria-hidden="true" />
      </a>
      {stamp ? <div className={classes.below}>{stamp}</div> : null}
    </>
  );
}

/** A file that a program sent as an address: WhatsApp fetched it, and it is not kept here. */
function Linked({ message, link, stamp }: { message: Message; link: string; stamp: ReactNode }) {
  const { t } = useTranslation();
  const name = words(message.content, 'filename') || link.split(/[?#]/)[0]?.split('/').at(-1) || link;
  return (
    <>
      <a className={classes.file} href={link} target="_blank" rel="noreferrer nofollow" title={link}>
        <span className={classes.paper} aria-hidden="true">
          <IconFile size={20} strokeWidth={1.75} />
        </span>
        <span className={classes.name}>
          <bdi>{name}</bdi>
          <span>{t('media.linked')}</span>
        </span>
      </a>
      {stamp ? <div className={classes.below}>{stamp}</div> : null}
    </>
  );
}

function Missing({ message, over }: { message: Message; over: ReactNode }) {
  const { t } = useTranslation();
  const { media, kind } = message;
  const pending = media?.state === 'pending' || (media === null && message.direction === 'in');
  const visual = kind === 'image' || kind === 'video';
  return (
    <div
      className={classes.missing}
      data-visual={visual || undefined}
      style={visual && media ? roomFor(media) : undefined}
      role="status"
    >
      {pending ? <IconImage size={20} strokeWidth={1.75} /> : <IconWarning size={20} strokeWidth={1.75} />}
      <span>{t(pending ? 'media.coming' : 'media.gone')}</span>
      {over}
    </div>
  );
}
