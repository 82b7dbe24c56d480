import { useTranslation } from 'react-i18next';
import { Checkbox } from '~/ui/Checkbox';
import type { Quiet, Schedule } from '../contract';
import classes from './ScheduleStep.module.css';

const usual: Quiet = { from: '21:00', to: '09:00' };

interface Props {
  schedule: Schedule;
  onChange: (schedule: Schedule) => void;
}

/** Hours of each person's own clock in which nothing leaves. */
export function QuietFields({ schedule, onChange }: Props) {
  const { t } = useTranslation();
  const { quiet, ...rest } = schedule;
  const put = (next: Quiet | null) => onChange((next ? { ...rest, quiet: next } : rest) as Schedule);
  return (
    <div className={classes.quiet}>
      <Checkbox
        checked={Boolean(quiet)}
        label={t('builder.quiet')}
        onChange={(on) => put(on ? usual : null)}
      />
      {quiet ? (
        <div className={classes.row}>
          <label className={classes.field}>
            <span>{t('builder.quietFrom')}</span>
            <input
              type="time"
              value={quiet.from}
              onChange={(event) => put({ ...quiet, from: event.currentTarget.value })}
            />
          </label>
          <label className={classes.field}>
            <span>{t('builder.quietTo')}</span>
            <input
              type="time"
              value={quiet.to}
              onChange={(event) => put({ ...quiet, to: event.currentTarget.value })}
            />
          </label>
        </div>
      ) : null}
      <p className={classes.note}>{t('builder.quietHelp')}</p>
    </div>
  );
}
