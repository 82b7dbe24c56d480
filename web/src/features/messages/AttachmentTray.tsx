import { useTranslation } from 'react-i18next';
import { wordsFor } from '~/api/words';
import { bytes } from '~/lib/format';
import { IconButton } from '~/ui/IconButton';
import { IconFile, IconMic, IconRefresh, IconVideo, IconX } from '~/ui/icons';
import classes from './AttachmentTray.module.css';
import type { Attachment } from './useAttachments';

const icons = { image: IconFile, video: IconVideo, audio: IconMic, document: IconFile, sticker: IconFile };

interface Props {
  attachments: Attachment[];
  onRemove: (key: string) => void;
  onRetry: (key: string) => void;
}

/** The files that go out with the next message: how far they are, and why one cannot go. */
export function AttachmentTray({ attachments, onRemove, onRetry }: Props) {
  const { t } = useTranslation();
  if (attachments.length === 0) return null;
  return (
    <ul className={classes.tray} aria-label={t('composer.attachments')}>
      {attachments.map((each) => (
        <OneFile key={each.key} attachment={each} onRemove={onRemove} onRetry={onRetry} />
      ))}
    </ul>
  );
}

function OneFile({ attachment, onRemove, onRetry }: { attachment: Attachment } & Omit<Props, 'attachments'>) {
  const { t } = useTranslation();
  const { key, file, fit, thumbnail, progress, media, failure } = attachment;
  const Icon = icons[fit.kind];
  const wrong = fit.refused ?? (failure ? 'failed' : null);
  const line = fit.refused
    ? t(`composer.refused.${fit.refused}`)
    : failure
      ? wordsFor(t, failure)
      : fit.note
        ? t(`composer.note.${fit.note}`)
        : bytes(file.size);
  return (
    <li className={classes.file} data-wrong={wrong ?? undefined}>
      {thumbnail ? (
        <img className={classes.thumbnail} src={thumbnail} alt="" />
      ) : (
        <span className={classes.thumbnail} aria-hidden="true">
          <Icon size={18} strokeWidth={1.75} />
        </span>
      )}
      <span className={classes.words}>
        <bdi>{file.name}</bdi>
        <span role={wrong ? 'alert' : undefined}>{line}</span>
      </span>
      {failure && !fit.refused ? (
        <IconButton label={t('states.retry')} size={28} onClick={() => onRetry(key)}>
          <IconRefresh size={15} strokeWidth={1.75} aria-hidden="true" />
        </IconButton>
      ) : null}
      <IconButton
        label={t(media || wrong ? 'composer.removeFile' : 'composer.cancelUpload', { name: file.name })}
        tip={false}
        size={28}
        onClick={() => onRemove(key)}
      >
        <IconX size={15} strokeWidth={1.75} aria-hidden="true" />
      </IconButton>
      {media || wrong ? null : (
        <progress
          className={classes.progress}
          max={1}
          value={progress}
          aria-label={t('composer.uploading', { name: file.name })}
        />
      )}
    </li>
  );
}
