import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { traitsQuery } from '~/features/audience/api';
import { Checkbox } from '~/ui/Checkbox';
import { InputField } from '~/ui/InputField';
import { Note } from '~/ui/Note';
import { Segments } from '~/ui/Segments';
import { Figure } from '../builder/Rule';
import classes from './Ongoing.module.css';
import { TraitSelect } from './TriggerFields';
import type { TriggerForm } from './trigger';

const MOST_DAYS = 365;
const sides = ['before', 'on', 'after'] as const;
type Side = (typeof sides)[number];

type Day = TriggerForm['date'];

const sideOf = (offset: number): Side => (offset < 0 ? 'before' : offset > 0 ? 'after' : 'on');

/** A day that a field names: which field, how many days before or after, at what time, and whether each year. */
export function DayFields({ day, onChange }: { day: Day; onChange: (day: Day) => void }) {
  const { t } = useTranslation();
  const { data: traits } = useQuery(traitsQuery);
  const dates = traits?.filter(({ kind }) => kind === 'datetime');
  const [days, setDays] = useState(Math.abs(day.offset) || 1);
  const side = sideOf(day.offset);
  const put = (next: Side, amount: number) => {
    setDays(amount);
    onChange({ ...day, offset: next === 'on' ? 0 : next === 'before' ? -amount : amount });
  };
  return (
    <div className={classes.fields}>
      <div className={classes.choice}>
        <TraitSelect
          traits={dates ?? []}
          value={day.trait}
          placeholder={dates?.length === 0 ? t('ongoing.noDates') : t('ongoing.chooseField')}
          help={dates?.length === 0 ? t('ongoing.noDatesHelp') : undefined}
          onChange={(trait) => onChange({ ...day, trait })}
        />
      </div>
      <div className={classes.line}>
        <Segments
          name="side"
          label={t('ongoing.day.when')}
          value={side}
          choices={sides.map((value) => ({ value, text: t(`ongoing.day.sides.${value}`) }))}
          onChange={(next) => put(sides.find((each) => each === next) ?? 'on', days)}
        />
        {side === 'on' ? null : (
          <Figure
            label={t('ongoing.day.days')}
            after={t('ongoing.day.daysAfter')}
            value={days}
            least={1}
            most={MOST_DAYS}
            whole
            onChange={(next) => put(side, next)}
          />
        )}
      </div>
      <InputField
        label={t('ongoing.day.at')}
        wide
        type="time"
        value={day.at}
        onChange={({ currentTarget: { value } }) => value && onChange({ ...day, at: value })}
      />
      <Checkbox
        checked={day.yearly}
        label={t('ongoing.day.yearly')}
        onChange={(yearly) => onChange({ ...day, yearly })}
      />
      <Note>{t('ongoing.day.help')}</Note>
    </div>
  );
}
