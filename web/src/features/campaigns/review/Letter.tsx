import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SentTemplate } from '~/features/messages/content';
import { TemplateBubble } from '~/features/templates/preview/TemplateBubble';
import { count, date } from '~/lib/format';
import { useHeaderMedia } from '../builder/headerMedia';
import type { Facts } from '../builder/sentences';
import { safetyWords, whenWords } from '../builder/sentences';
import { timeWords } from '../builder/zones';
import type { Campaign, Review } from '../contract';
import { lasting } from '../figures';
import { amount } from '../money';
import { CostTable } from './CostTable';
import { componentsOf } from './componentsOf';
import { ExcludedDialog } from './ExcludedDialog';
import { Paragraph } from './Paragraph';
import classes from './Review.module.css';
import { reasonWords } from './reasons';

interface Props {
  campaign: Campaign;
  review: Review;
  facts: Facts;
}

/** What will happen, written like a letter: who, what, when, for how much, for how long. */
export function Letter({ campaign, review, facts }: Props) {
  const { t } = useTranslation();
  return (
    <div className={classes.letter}>
      <Who campaign={campaign} review={review} />
      <What review={review} campaign={campaign} facts={facts} />
      <When campaign={campaign} review={review} />
      {review.cost && review.eligible > 0 ? <Cost cost={review.cost} /> : null}
      <Paragraph title={t('review.safe')}>
        <ul className={classes.points}>
          {safetyWords(t, campaign.settings).map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </Paragraph>
    </div>
  );
}

function Who({ campaign, review }: { campaign: Campaign; review: Review }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<Review['excluded'][number] | null>(null);
  const { matched, eligible, excluded } = review;
  const out = excluded.filter((each) => each.count > 0);
  return (
    <Paragraph title={t('review.who')}>
      <p className={classes.big}>{t('review.eligible', { count: eligible, shown: count(eligible) })}</p>
      {out.length > 0 ? (
        <>
          <p>
            {t('review.left', {
              count: matched - eligible,
              shown: count(matched - eligible),
              all: count(matched),
            })}
          </p>
          <ul className={classes.reasons}>
            {out.map((each) => (
              <li key={each.reason}>
                <button type="button" className={classes.reason} onClick={() => setOpen(each)}>
                  <span className={classes.reasonCount}>{count(each.count)}</span>
                  <span>{reasonWords(t, each.reason)}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      ) : eligible > 0 ? (
        <p>{t('review.nobodyLeft')}</p>
      ) : null}
      <ExcludedDialog campaignId={campaign.id} reason={open} onClose={() => setOpen(null)} />
    </Paragraph>
  );
}

function What({ campaign, review, facts }: Props) {
  const { t } = useTranslation();
  const media = useHeaderMedia(campaign.header);
  if (review.previews.length === 0) return null;
  const language = facts.template?.language ?? 'en';
  return (
    <Paragraph title={t('review.what')} wide>
      <ul className={classes.previews}>
        {review.previews.map((preview) => (
          <li key={preview.why} className={classes.preview}>
            <div className={classes.stage}>
              <TemplateBubble
                components={componentsOf(preview.message as SentTemplate)}
                media={media}
                place={campaign.header?.location ?? null}
                language={language}
              />
            </div>
            <p className={classes.caption}>
              <strong>{t(`review.why.${preview.why}`)}</strong>
              <bdi>{preview.contact.name || preview.contact.phone || t('contact.nameless')}</bdi>
            </p>
          </li>
        ))}
      </ul>
    </Paragraph>
  );
}

function When({ campaign, review }: { campaign: Campaign; review: Review }) {
  const { t } = useTranslation();
  const { schedule } = campaign;
  const local = review.local_time;
  return (
    <Paragraph title={t('review.when')}>
      <p>{whenWords(t, schedule)}</p>
      {schedule?.quiet ? (
        <p>
          {t('builder.says.quiet', {
            from: timeWords(schedule.quiet.from),
            to: timeWords(schedule.quiet.to),
          })}
        </p>
      ) : null}
      {local && schedule?.when === 'local' ? (
        <p>
          {t('review.local', {
            trait: count(local.by_trait),
            country: count(local.by_country),
            rest: count(local.by_default),
          })}{' '}
          {local.by_country_of_several > 0
            ? t('review.several', {
                count: local.by_country_of_several,
                shown: count(local.by_country_of_several),
              })
            : ''}
        </p>
      ) : null}
      {local && local.late > 0 ? (
        <p className={classes.caution}>{t('review.late', { count: local.late, shown: count(local.late) })}</p>
      ) : null}
      {review.eligible > 0 ? <Pace review={review} /> : null}
    </Paragraph>
  );
}

/** How long it takes, and whether it fits into the day. */
function Pace({ review }: { review: Review }) {
  const { t } = useTranslation();
  const limit = review.daily_limit;
  return (
    <>
      <p>
        {t('review.duration', {
          time: lasting(Math.max(1, review.duration_seconds)),
          rate: count(review.rate_per_second),
        })}
      </p>
      {limit.limit === null ? (
        <p>{t('review.noLimit')}</p>
      ) : limit.fits ? (
        <p>{t('review.fits', { limit: count(limit.limit), used: count(limit.used) })}</p>
      ) : (
        <p className={classes.caution}>
          {t('review.fitsNot', {
            limit: count(limit.limit),
            used: count(limit.used),
            count: limit.days,
          })}
        </p>
      )}
    </>
  );
}

function Cost({ cost }: { cost: NonNullable<Review['cost']> }) {
  const { t } = useTranslation();
  const { currency, max_micros: most, expected_micros: expected } = cost;
  return (
    <Paragraph title={t('review.cost')}>
      <p className={classes.big}>{t('review.most', { amount: amount(most, currency) })}</p>
      {expected < most ? <p>{t('review.expected', { amount: amount(expected, currency) })}</p> : null}
      {cost.unpriced > 0 ? (
        <p className={classes.caution}>
          {t('review.unpriced', { count: cost.unpriced, shown: count(cost.unpriced) })}
        </p>
      ) : null}
      {cost.by.length > 0 ? <CostTable cost={cost} /> : null}
      <p className={classes.small}>
        {cost.card_date ? t('review.card', { date: date(cost.card_date), currency: cost.card_currency }) : ''}
        {cost.fell_back ? ` ${t('review.fellBack', { currency: cost.card_currency })}` : ''}
      </p>
    </Paragraph>
  );
}
