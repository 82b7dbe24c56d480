import { useTranslation } from 'react-i18next';
import { count } from '~/lib/format';
import type { GoalCount } from '../contract';
import { lasting, share } from '../figures';
import classes from './Report.module.css';

const HOUR = 3600;

/** How many people reached each goal, of those who got the message. */
export function GoalsPart({ goals, sent }: { goals: GoalCount[]; sent: number }) {
  const { t } = useTranslation();
  return (
    <ul className={classes.goals}>
      {goals.map(({ event, within_hours, converted }) => (
        <li key={`${event} ${within_hours}`} className={classes.goal}>
          <span>
            <bdi className={classes.event}>{event}</bdi>
            <span className={classes.quiet}>
              {t('report.within', { time: lasting(within_hours * HOUR) })}
            </span>
          </span>
          <span className={classes.amount}>
            {count(converted)}
            <span className={classes.quiet}> {share(converted, sent)}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
