import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { templateQuery } from '~/features/templates/list';
import { IconCheck } from '~/ui/icons';
import type { Campaign } from '../contract';
import { type Step, stepsOf } from '../search';
import classes from './Builder.module.css';
import { isDecided } from './progress';

/** The steps; one goes to any of them at any time. */
export function StepList({ campaign, step }: { campaign: Campaign; step: Step }) {
  const { t } = useTranslation();
  const { data: template } = useQuery({
    ...templateQuery(campaign.template_id ?? ''),
    enabled: campaign.template_id !== null,
  });
  return (
    <nav className={classes.steps} aria-label={t('builder.stepsName')}>
      <ol>
        {stepsOf(campaign).map((each, index) => {
          const decided = each !== 'review' && each !== 'test' && isDecided(each, campaign, template);
          return (
            <li key={each}>
              <Link
                to="/campaigns/$campaignId/edit/$step"
                params={{ campaignId: campaign.id, step: each }}
                className={classes.step}
                data-on={each === step || undefined}
                aria-current={each === step ? 'step' : undefined}
              >
                <span className={classes.stepMark} data-done={decided || undefined}>
                  {decided ? <IconCheck size={14} strokeWidth={2.25} aria-hidden="true" /> : index + 1}
                </span>
                <span className={classes.stepName}>{t(`builder.steps.${each}`)}</span>
                {decided ? <span className="visually-hidden">{t('builder.decided')}</span> : null}
              </Link>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
