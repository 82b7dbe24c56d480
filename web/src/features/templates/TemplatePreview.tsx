import { useTranslation } from 'react-i18next';
import type { Media } from '~/api/contract';
import { LocationBody } from '~/features/messages/bodies/LocationBody';
import type { SentTemplate } from '~/features/messages/content';
import { IconFile, IconImage, IconVideo } from '~/ui/icons';
import { kindOf } from './ButtonRows';
import { TemplateCard } from './TemplateCard';
import classes from './TemplatePreview.module.css';
import { directionOf } from './variables';

const icons = { image: IconImage, video: IconVideo, document: IconFile };

interface Props {
  content: SentTemplate;
  language: string;
  media: Media | null;
}

/** The bubble as the customer will see it, while it is filled in. */
export function TemplatePreview({ content, language, media }: Props) {
  const { t } = useTranslation();
  return (
    <section className={classes.stage} aria-label={t('picker.preview')}>
      <div className={classes.bubble} dir={directionOf(language)} lang={language.replace('_', '-')}>
        <TemplateCard
          above={<Above content={content} media={media} />}
          title={content.header?.text ?? undefined}
          body={content.body ?? ''}
          footer={content.footer ?? undefined}
          buttons={(content.buttons ?? []).map((button) => ({
            kind: kindOf(button.type),
            text: button.text || t('picker.copyCode'),
            hint: button.url ?? button.phone ?? button.code ?? undefined,
          }))}
        />
      </div>
    </section>
  );
}

function Above({ content, media }: { content: SentTemplate; media: Media | null }) {
  const { t } = useTranslation();
  const format = content.header?.format;
  if (format === 'location') return <LocationBody place={content.header?.location ?? {}} />;
  if (format !== 'image' && format !== 'video' && format !== 'document') return null;
  if (media?.url && format === 'image') return <img className={classes.picture} src={media.url} alt="" />;
  const Icon = icons[format];
  return (
    <div className={classes.placeholder}>
      <Icon size={22} strokeWidth={1.5} aria-hidden="true" />
      <span>{media?.filename ?? t(`kinds.${format}`)}</span>
    </div>
  );
}
