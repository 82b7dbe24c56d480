import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Media } from '~/api/contract';
import { wordsFor } from '~/api/words';
import { mostBytes } from '~/features/media/limits';
import { type Upload, upload } from '~/features/media/upload';
import { bytes } from '~/lib/format';
import { IconButton } from '~/ui/IconButton';
import { IconPaperclip, IconX } from '~/ui/icons';
import classes from './HeaderFile.module.css';

const accepted = { image: 'image/jpeg,image/png', video: 'video/mp4,video/3gpp', document: '' };

interface Props {
  format: 'image' | 'video' | 'document';
  wrong: boolean;
  onFile: (media: Media | null) => void;
  /** In other words than those of the one who sends it. */
  label?: string;
  wrongWords?: string;
  /** The name of the file that is there from before. */
  kept?: string | null;
}

/** The picture, film or document that stands above the words of a template. */
export function HeaderFile({ format, wrong, onFile, label, wrongWords, kept = null }: Props) {
  const { t } = useTranslation();
  const picker = useRef<HTMLInputElement>(null);
  const running = useRef<Upload | null>(null);
  const [file, setFile] = useState<File | null>(null);
  const [progress, setProgress] = useState<number | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => () => running.current?.cancel(), []);
  const name = file?.name ?? kept;
  const clear = () => {
    running.current?.cancel();
    setFile(null);
    setProgress(null);
    setFailure(null);
    onFile(null);
  };
  const choose = async (chosen: File | undefined) => {
    if (!chosen) return;
    clear();
    setFile(chosen);
    if (chosen.size > mostBytes[format]) {
      setFailure(t('picker.fileTooLarge', { size: bytes(mostBytes[format]) }));
      return;
    }
    setProgress(0);
    running.current = upload(chosen, format, setProgress);
    try {
      onFile(await running.current.done);
    } catch (error) {
      if (!(error instanceof DOMException)) setFailure(wordsFor(t, error));
    } finally {
      setProgress(null);
    }
  };
  const error = failure ?? (wrong ? (wrongWords ?? t('picker.fileMissing')) : null);
  return (
    <div className={classes.field}>
      <span className={classes.label} id="template-header-file">
        {label ?? t(`picker.file.${format}`)}
      </span>
      <div className={classes.row}>
        <button
          type="button"
          className={classes.choose}
          aria-describedby="template-header-file"
          aria-invalid={error ? true : undefined}
          onClick={() => picker.current?.click()}
        >
          <IconPaperclip size={16} strokeWidth={1.75} aria-hidden="true" />
          <bdi>{name ?? t('picker.chooseFile')}</bdi>
        </button>
        {name ? (
          <IconButton label={t('actions.remove')} size={32} tip={false} onClick={clear}>
            <IconX size={16} strokeWidth={1.75} aria-hidden="true" />
          </IconButton>
        ) : null}
      </div>
      {progress !== null ? (
        <progress
          className={classes.progress}
          max={1}
          value={progress}
          aria-label={t('composer.uploading', { name: file?.name ?? '' })}
        />
      ) : null}
      {error ? <p className={classes.error}>{error}</p> : null}
      <input
        ref={picker}
        type="file"
        hidden
        accept={accepted[format]}
        onChange={(event) => void choose(event.currentTarget.files?.[0])}
      />
    </div>
  );
}
