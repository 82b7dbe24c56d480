import { useTranslation } from 'react-i18next';
import { Checkbox } from '~/ui/Checkbox';
import { InputField } from '~/ui/InputField';
import { Note } from '~/ui/Note';
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
    <div className={classes.group}>
      <Checkbox
        checked={Boolean(quiet)}
        label={t('builder.quiet')}
        onChange={(on) => put(on ? usual : null)}
      />
      {quiet ? (
        <div className={classes.row}>
          <InputField
            label={t('builder.quietFrom')}
            type="time"
            value={quiet.from}
            onChange={(event) => put({ ...quiet, from: event.currentTarget.value })}
          />
          <InputField
            label={t('builder.quietTo')}
            type="time"
            value={quiet.to}
            onChange={(event) => put({ ...quiet, to: event.currentTarget.value })}
          />
        </div>
      ) : null}
      <Note>{t('builder.quietHelp')}</Note>
    </div>
  );
}
