import { useTranslation } from 'react-i18next';
import { IconExternal } from '~/ui/icons';
import type { Referral } from '../content';
import classes from './ReferralCard.module.css';

/** The advertisement or post that the customer came from. */
export function ReferralCard({ referral }: { referral: Referral }) {
  const { t } = useTranslation();
  const href = /^https:\/\//.test(referral.source_url ?? '') ? referral.source_url : undefined;
  return (
    <aside className={classes.card} aria-label={t('bubble.referral')}>
      <span className={classes.kind}>
        {t(referral.source_type === 'post' ? 'bubble.fromPost' : 'bubble.fromAd')}
      </span>
      {referral.headline ? <strong dir="auto">{referral.headline}</strong> : null}
      {referral.body ? (
        <span className={classes.body} dir="auto">
          {referral.body}
        </span>
      ) : null}
      {href ? (
        <a href={href} target="_blank" rel="noreferrer">
          {t('bubble.openAd')}
          <IconExternal size={13} strokeWidth={2} aria-hidden="true" />
        </a>
      ) : null}
    </aside>
  );
}
