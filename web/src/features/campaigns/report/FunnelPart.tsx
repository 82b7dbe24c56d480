import { useTranslation } from 'react-i18next';
import { count } from '~/lib/format';
import type { Funnel } from '../contract';
import { share } from '../figures';
import classes from './FunnelPart.module.css';

const stages = ['planned', 'sent', 'delivered', 'read', 'replied', 'clicked', 'converted'] as const;

/** From all who were meant to those who answered; and the sum that shows that nobody is lost. */
export function FunnelPart({ funnel }: { funnel: Funnel }) {
  const { t } = useTranslation();
  const shown = stages.filter((stage) => (stage !== 'clicked' && stage !== 'converted') || funnel[stage] > 0);
  return (
    <div className={classes.part}>
      <ol className={classes.stages}>
        {shown.map((stage) => (
          <li key={stage} className={classes.stage}>
            <span className={classes.name}>{t(`campaigns.figures.${stage}`)}</span>
            <span className={classes.track} aria-hidden="true">
              <span
                className={classes.bar}
                data-stage={stage}
                style={{ inlineSize: `${funnel.planned > 0 ? (100 * funnel[stage]) / funnel.planned : 0}%` }}
              />
            </span>
            <span className={classes.figure}>{count(funnel[stage])}</span>
            <span className={classes.share}>
              {stage === 'planned'
                ? ''
                : share(funnel[stage], stage === 'sent' ? funnel.planned : funnel.sent)}
            </span>
          </li>
        ))}
      </ol>
      <dl className={classes.sum} aria-label={t('report.sum')}>
        <Term name={t('campaigns.figures.planned')} value={funnel.planned} />
        <Term sign="=" name={t('campaigns.figures.sent')} value={funnel.sent} />
        <Term
          sign="+"
          name={t('campaigns.figures.failed')}
          value={funnel.failed}
          danger={funnel.failed > 0}
        />
        <Term sign="+" name={t('campaigns.figures.skipped')} value={funnel.skipped} />
        <Term sign="+" name={t('campaigns.figures.waiting')} value={funnel.waiting} />
        {funnel.unknown > 0 ? (
          <Term sign="+" name={t('campaigns.figures.unknown')} value={funnel.unknown} />
        ) : null}
        <Term apart name={t('campaigns.figures.opted_out')} value={funnel.opted_out} />
      </dl>
    </div>
  );
}

interface TermProps {
  name: string;
  value: number;
  sign?: string;
  danger?: boolean;
  /** No part of the sum. */
  apart?: boolean;
}

function Term({ name, value, sign, danger, apart }: TermProps) {
  return (
    <div className={classes.term} data-danger={danger || undefined} data-apart={apart || undefined}>
      <dt>{name}</dt>
      <dd data-sign={sign}>{count(value)}</dd>
    </div>
  );
}
