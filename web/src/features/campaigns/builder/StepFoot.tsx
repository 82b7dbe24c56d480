import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Campaign } from '../contract';
import { type Step, stepsOf } from '../search';
import classes from './Builder.module.css';

interface Props {
  campaign: Campaign;
  step: Step;
  /** What stands in place of “continue” in the last step. */
  children?: ReactNode;
}

/** Back, and on to the next step by its name. */
export function StepFoot({ campaign, step, children }: Props) {
  const { t } = useTranslation();
  const all = stepsOf(campaign);
  const at = all.indexOf(step);
  const [before, after] = [all[at - 1], all[at + 1]];
  const to = '/campaigns/$campaignId/edit/$step';
  return (
    <footer className={classes.foot}>
      <div className={classes.footLine}>
        {' '}
        {before ? (
          <Button
            component={Link}
            to={to}
            params={{ campaignId: campaign.id, step: before } as never}
            variant="default"
            className={classes.before}
          >
            {t('builder.before', { step: t(`builder.steps.${before}`) })}
          </Button>
        ) : (
          <span className={classes.before} />
        )}
        {after ? (
          <Button component={Link} to={to} params={{ campaignId: campaign.id, step: after } as never}>
            {t('builder.after', { step: t(`builder.steps.${after}`) })}
          </Button>
        ) : (
          children
        )}
      </div>{' '}
    </footer>
  );
}
