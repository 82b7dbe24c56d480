import { useQueries } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { templateQuery } from '~/features/templates/list';
import { TemplateBubble } from '~/features/templates/preview/TemplateBubble';
import { Skeleton } from '~/ui/Skeleton';
import { useHeaderMedia } from '../builder/headerMedia';
import { previewValues } from '../builder/previewValues';
import { type Facts, percent } from '../builder/sentences';
import type { Campaign } from '../contract';
import { Paragraph } from '../review/Paragraph';
import classes from '../review/Review.module.css';
import { armWords } from './arms';
import { ongoingSentences } from './sentences';
import { usualOngoing } from './useOngoing';
import { asOwn, restShare } from './variants';

const sections = [
  { name: 'start', steps: ['trigger', 'audience'] },
  { name: 'timing', steps: ['timing'] },
  { name: 'message', steps: ['message'] },
  { name: 'limits', steps: ['limits'] },
] as const;

/** A whole on-going campaign in words, paragraph by paragraph, with its messages as they look. */
export function WrittenOut({ campaign, facts }: { campaign: Campaign; facts: Facts }) {
  const { t } = useTranslation();
  const ongoing = campaign.ongoing ?? usualOngoing;
  const told = ongoingSentences(t, campaign, ongoing, facts);
  return (
    <>
      {sections.map(({ name, steps }) => {
        const own = told.filter(({ step }) => steps.some((each) => each === step));
        return own.length > 0 ? (
          <Paragraph key={name} title={t(`ongoing.sections.${name}`)}>
            <p>{own.map(({ text }) => text).join(' ')}</p>
          </Paragraph>
        ) : null;
      })}
      {campaign.template_id ? <Messages campaign={campaign} /> : null}
    </>
  );
}

/** The campaign's own message and those that are tried against it, side by side. */
function Messages({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const variants = campaign.ongoing?.variants ?? [];
  const messages = [
    { name: armWords(t, 0, variants), share: restShare(variants), as: campaign },
    ...variants.map((each) => ({ name: each.name, share: each.share, as: asOwn(campaign, each) })),
  ];
  const templates = useQueries({ queries: messages.map(({ as }) => templateQuery(as.template_id ?? '')) });
  return (
    <Paragraph title={t('review.what')} wide>
      <ul className={classes.previews}>
        {messages.map(({ name, share, as }, at) => {
          const template = templates[at]?.data;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: messages are known by their place.
            <li key={at} className={classes.preview}>
              <div className={classes.stage}>
                {template ? <Bubble campaign={as} template={template} /> : <Skeleton height={160} />}
              </div>
              <p className={classes.caption}>
                <strong>{name}</strong>
                {variants.length > 0 ? (
                  <span>{t('ongoing.arms.share', { share: percent(share) })}</span>
                ) : null}
              </p>
            </li>
          );
        })}
      </ul>
    </Paragraph>
  );
}

function Bubble({ campaign, template }: { campaign: Campaign; template: NonNullable<Facts['template']> }) {
  const media = useHeaderMedia(campaign.header);
  return (
    <TemplateBubble
      components={template.components}
      values={previewValues(template, campaign.variables)}
      media={media}
      place={campaign.header?.location ?? null}
      language={template.language}
    />
  );
}
