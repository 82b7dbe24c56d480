import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Message } from '~/api/contract';
import { look } from '~/features/media/lightbox';
import { words } from '~/features/messages/content';
import { threadQuery } from '~/features/messages/thread';
import { bytes } from '~/lib/format';
import { IconFile, IconPlay } from '~/ui/icons';
import classes from './ContactMedia.module.css';
import panel from './ContactPanel.module.css';

const MOST = 9;
const MOST_FILES = 4;

/** The newest pictures, films and documents of what is loaded of the thread. */
export function ContactMedia({ conversationId }: { conversationId: string }) {
  const { t } = useTranslation();
  const { data } = useQuery({ ...threadQuery(conversationId), enabled: false });
  const withFile = (data?.data ?? []).filter((each) => each.media?.url && !each.revoked).toReversed();
  const isVisual = ({ media }: Message) =>
    /^(image|video)\//.test(media?.mime_type ?? '') && media?.kind !== 'sticker';
  const visual = withFile.filter(isVisual).slice(0, MOST);
  const files = withFile.filter((each) => each.kind === 'document' && !isVisual(each)).slice(0, MOST_FILES);
  if (visual.length + files.length === 0) return null;
  return (
    <section className={panel.section}>
      <h3>{t('panel.media')}</h3>
      {visual.length > 0 ? (
        <ul className={classes.grid}>
          {visual.map((message) => (
            <li key={message.id}>
              <button
                type="button"
                className={classes.cell}
                aria-label={t(message.kind === 'video' ? 'media.openFilm' : 'media.openPicture')}
                onClick={() => look(message)}
              >
                {message.media?.mime_type.startsWith('video/') ? (
                  <IconPlay size={18} fill="currentColor" strokeWidth={0} aria-hidden="true" />
                ) : (
                  <img src={message.media?.url ?? ''} alt="" loading="lazy" />
                )}
              </button>
            </li>
          ))}
        </ul>
      ) : null}
      {files.length > 0 ? (
        <ul className={classes.files}>
          {files.map((message) => {
            const name = words(message.content, 'filename') || message.media?.filename || t('kinds.document');
            return (
              <li key={message.id}>
                <a href={message.media?.url ?? ''} download={name} className={classes.file}>
                  <IconFile size={16} strokeWidth={1.75} aria-hidden="true" />
                  <bdi>{name}</bdi>
                  <span>{message.media?.size ? bytes(message.media.size) : ''}</span>
                </a>
              </li>
            );
          })}
        </ul>
      ) : null}
    </section>
  );
}
