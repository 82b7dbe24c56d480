import { useTranslation } from 'react-i18next';
import type { Cost } from '../contract';
import { amount } from '../money';
import classes from './Report.module.css';

/** What it was to cost at most, and what it cost so far. */
export function CostPart({ cost }: { cost: Cost }) {
  const { t } = useTranslation();
  const { currency, estimated_micros: estimated, charged_micros: charged } = cost;
  if (!currency) return <p className={classes.quiet}>{t('report.noCost')}</p>;
  const most = Math.max(estimated ?? 0, charged ?? 0, 1);
  const rows = [
    { kind: 'estimated', micros: estimated },
    { kind: 'charged', micros: charged },
  ] as const;
  return (
    <div className={classes.cost}>
      {rows.map(({ kind, micros }) =>
        micros === null ? null : (
          <div key={kind} className={classes.costLine}>
            <div className={classes.costFigures}>
              <span>{t(`report.costs.${kind}`)}</span>
              <span className={classes.amount}>{amount(micros, currency)}</span>
            </div>
            <span className={classes.costTrack} aria-hidden="true">
              <span
                className={classes.costBar}
                data-kind={kind}
                style={{ inlineSize: `${(100 * micros) / most}%` }}
              />
            </span>
          </div>
        ),
      )}
      <p className={classes.quiet}>{t('report.costNote')}</p>
    </div>
  );
}
