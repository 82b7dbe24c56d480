import { useTranslation } from 'react-i18next';
import { IconButton } from '~/ui/IconButton';
import { IconX } from '~/ui/icons';
import type { Goal } from '../contract';
import classes from './MeasureFields.module.css';
import { Figure, smallInput } from './Rule';

interface Props {
  goals: Goal[];
  onChange: (goals: Goal[]) => void;
}

/** Each event that counts, and within how many hours of the message. */
export function GoalRows({ goals, onChange }: Props) {
  const { t } = useTranslation();
  const change = (at: number, next: Goal) => onChange(goals.map((goal, no) => (no === at ? next : goal)));
  return goals.map((goal, at) => (
    // Goals have no names of their own: their place is what the report knows them by.
    // biome-ignore lint/suspicious/noArrayIndexKey: the place is the identity
    <div key={at} className={classes.goal}>
      <input
        aria-label={t('measure.event', { no: at + 1 })}
        aria-invalid={goal.event.trim() === '' ? true : undefined}
        className={`${smallInput} ${classes.event}`}
        maxLength={128}
        autoComplete="off"
        placeholder={t('measure.eventSample')}
        value={goal.event}
        onChange={(event) => change(at, { ...goal, event: event.currentTarget.value })}
      />
      <Figure
        label={t('measure.within')}
        before={t('measure.within')}
        after={t('measure.hours')}
        value={goal.within_hours}
        least={1}
        most={2160}
        onChange={(within_hours) => change(at, { ...goal, within_hours })}
      />
      <IconButton
        label={t('measure.removeGoal', { no: at + 1 })}
        size={32}
        onClick={() => onChange(goals.filter((_, no) => no !== at))}
      >
        <IconX size={16} strokeWidth={1.75} aria-hidden="true" />
      </IconButton>
    </div>
  ));
}
