import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Campaign } from '../contract';
import classes from './Builder.module.css';
import { decided } from './decided';
import { useFacts } from './useFacts';

/** What is decided so far, as sentences; each leads to the step that decides it. */
export function SoFar({ campaign, folded }: { campaign: Campaign; folded?: boolean }) {
  const { t } = useTranslation();
  const facts = useFacts(campaign);
  const told = (
    <ol className={classes.sentences}>
      {decided(t, campaign, facts).map((sentence) => (
        <li key={sentence.key} data-open={sentence.open || undefined}>
          <Link
            to="/campaigns/$campaignId/edit/$step"
            params={{ campaignId: campaign.id, step: sentence.step }}
            className={classes.sentence}
          >
            {sentence.text}
          </Link>
        </li>
      ))}
    </ol>
  );
  if (folded)
    return (
      <details className={classes.soFarFolded}>
        <summary>{t('builder.soFar')}</summary>
        {told}
      </details>
    );
  return (
    <aside className={classes.soFar} aria-labelledby="so-far">
      <h2 id="so-far" className={classes.soFarTitle}>
        {t('builder.soFar')}
      </h2>
      {told}
    </aside>
  );
}
