import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Checkbox } from '~/ui/Checkbox';
import { Note } from '~/ui/Note';
import { Figure } from '../builder/Rule';
import type { Unless } from './contract';
import { HappeningFields } from './HappeningFields';
import classes from './Ongoing.module.css';
import { type HappeningForm, happeningForm, happeningOf } from './trigger';

const USUAL_HOURS = 2;
const MOST_HOURS = 720;
const nothing: HappeningForm = { name: '', where: [] };

interface Props {
  unless: Unless | undefined;
  onChange: (unless: Unless | undefined) => void;
}

/** Something that, if the person does it meanwhile, makes the message needless. */
export function UnlessFields({ unless, onChange }: Props) {
  const { t } = useTranslation();
  const [on, setOn] = useState(unless !== undefined);
  const [event, setEvent] = useState(unless ? happeningForm(unless.event) : nothing);
  const [hours, setHours] = useState(unless?.within_hours ?? USUAL_HOURS);
  const tell = (whether: boolean, what: HappeningForm, within_hours: number) => {
    setOn(whether);
    setEvent(what);
    setHours(within_hours);
    const happening = whether ? happeningOf(what) : null;
    onChange(happening ? { event: happening, within_hours } : undefined);
  };
  return (
    <section className={classes.stack} aria-label={t('ongoing.unless.title')}>
      <Checkbox
        checked={on}
        label={t('ongoing.unless.title')}
        onChange={(next) => tell(next, event, hours)}
      />
      {on ? (
        <div className={classes.box}>
          <HappeningFields event={event} onChange={(next) => tell(true, next, hours)} />
          <Figure
            label={t('ongoing.unless.within')}
            before={t('ongoing.unless.within')}
            after={t('ongoing.hoursUnit')}
            value={hours}
            least={1}
            most={MOST_HOURS}
            whole
            onChange={(next) => tell(true, event, next)}
          />
        </div>
      ) : null}
      <Note live>{t(on && !unless ? 'ongoing.unless.unfinished' : 'ongoing.unless.help')}</Note>
    </section>
  );
}
