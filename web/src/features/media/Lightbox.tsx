import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '~/api/contract';
import { words } from '~/features/messages/content';
import { exact } from '~/lib/format';
import { IconButton } from '~/ui/IconButton';
import { IconBack, IconChevronRight, IconDownload, IconX } from '~/ui/icons';
import classes from './Lightbox.module.css';
import { look, useShown } from './lightbox';

const isVisual = ({ media, revoked }: Message): boolean =>
  Boolean(media?.url) && !revoked && /^(image|video)\//.test(media?.mime_type ?? '');

/** A picture or film over the whole page; arrows go through those of the thread. */
export default function Lightbox({ messages }: { messages: Message[] }) {
  const { t } = useTranslation();
  const shown = useShown();
  const dialog = useRef<HTMLDialogElement>(null);
  const opened = shown !== null;
  useEffect(() => {
    if (opened) dialog.current?.showModal();
    else dialog.current?.close();
  }, [opened]);
  useEffect(() => () => look(null), []);
  const all = messages.filter(isVisual);
  const at = all.findIndex((each) => each.id === shown?.id);
  const go = (by: number) => {
    const next = all[at + by];
    if (next) look(next);
  };
  const keyDown = (event: KeyboardEvent) => {
    const forward = document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    if (event.key === forward) go(1);
    else if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') go(-1);
  };
  const media = shown?.media;
  const caption = shown ? words(shown.content, 'caption') : '';
  return (
    <dialog
      ref={dialog}
      className={classes.box}
      aria-label={t('media.viewer')}
      onClose={() => look(null)}
      onKeyDown={keyDown}
      onClick={(event) => {
        if (event.target instanceof Element && event.target.hasAttribute('data-beside')) look(null);
      }}
    >
      {shown && media?.url ? (
        <>
          <header className={classes.bar}>
            <span className={classes.when}>{exact(shown.at)}</span>
            <a
              className={classes.download}
              href={media.url}
              download={media.filename ?? true}
              aria-label={t('actions.download')}
            >
              <IconDownload size={20} strokeWidth={1.75} aria-hidden="true" />
            </a>
            <IconButton label={t('actions.close')} size={40} tip={false} onClick={() => look(null)}>
              <IconX size={22} strokeWidth={1.75} aria-hidden="true" />
            </IconButton>
          </header>
          <div className={classes.stage} data-beside>
            {/^video\//.test(media.mime_type) ? (
              // biome-ignore lint/a11y/useMediaCaption: a customer's film has no captions.
              <video key={media.id} src={media.url} controls autoPlay className={classes.view} />
            ) : (
              <img
                key={media.id}
                src={media.url}
                alt={caption || t('kinds.image')}
                className={classes.view}
              />
            )}
          </div>
          <footer className={classes.foot}>
            <IconButton
              label={t('media.previous')}
              size={40}
              tip={false}
              disabled={at <= 0}
              onClick={() => go(-1)}
            >
              <IconBack size={20} strokeWidth={1.75} aria-hidden="true" className={classes.arrow} />
            </IconButton>
            <p className={classes.caption} dir="auto">
              {caption}
            </p>
            <IconButton
              label={t('media.next')}
              size={40}
              tip={false}
              disabled={at < 0 || at >= all.length - 1}
              onClick={() => go(1)}
            >
              <IconChevronRight size={20} strokeWidth={1.75} aria-hidden="true" className={classes.arrow} />
            </IconButton>
          </footer>
        </>
      ) : null}
    </dialog>
  );
}
