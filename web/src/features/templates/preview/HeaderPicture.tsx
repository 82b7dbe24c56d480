import { useTranslation } from 'react-i18next';
import { IconBag, IconFile, IconImage, IconPlay } from '~/ui/icons';
import type { HeaderKind } from './drawing';
import classes from './HeaderPicture.module.css';

/** As much of a file as is needed to draw it. */
export interface PreviewMedia {
  url: string | null;
  filename?: string | null;
}

interface Props {
  kind: Exclude<HeaderKind, 'text' | 'location'>;
  media: PreviewMedia | null;
}

/** The file above the words: itself where it is known, else the room that it will take. */
export function HeaderPicture({ kind, media }: Props) {
  const { t } = useTranslation();
  if (kind === 'document')
    return (
      <div className={classes.document}>
        <span className={classes.sheet} aria-hidden="true">
          <IconFile size={26} strokeWidth={1.5} />
        </span>
        <span className={classes.file}>
          <span className={classes.ending} aria-hidden="true">
            {(media?.filename?.includes('.') ? media.filename.split('.').at(-1) : 'PDF')
              ?.slice(0, 4)
              .toUpperCase()}
          </span>
          <bdi>{media?.filename ?? t('preview.document')}</bdi>
        </span>
      </div>
    );
  if (kind === 'product')
    return (
      <div className={classes.picture}>
        <IconBag size={26} strokeWidth={1.5} aria-hidden="true" />
        <span>{t('preview.product')}</span>
      </div>
    );
  if (media?.url && kind === 'image')
    return <img className={classes.image} src={media.url} alt={t('kinds.image')} />;
  return (
    <div className={classes.picture}>
      {media?.url ? (
        <video className={classes.film} src={`${media.url}#t=0.1`} preload="metadata" muted playsInline />
      ) : null}
      {kind === 'image' ? (
        <IconImage size={28} strokeWidth={1.5} aria-hidden="true" />
      ) : (
        <span className={classes.play} aria-hidden="true">
          {kind === 'gif' ? t('preview.gif') : <IconPlay size={20} fill="currentColor" strokeWidth={0} />}
        </span>
      )}
      {media?.url ? null : <span>{t(kind === 'image' ? 'kinds.image' : 'kinds.video')}</span>}
    </div>
  );
}
