import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '~/features/audience/useNames';
import {
  IconActivity,
  IconCalendar,
  IconEdit,
  IconSegment,
  IconTag,
  IconTagOff,
  IconUserPlus,
} from '~/ui/icons';
import { RadioCards } from '~/ui/RadioCards';
import type { Draft } from '../builder/useDraft';
import classes from './Ongoing.module.css';
import { triggerWords } from './sentences';
import { TriggerFields } from './TriggerFields';
import { type TriggerForm, triggerForm, triggerOf } from './trigger';
import { useOngoing } from './useOngoing';

const kinds = [
  { value: 'event', Icon: IconActivity },
  { value: 'contact_created', Icon: IconUserPlus },
  { value: 'trait_changed', Icon: IconEdit },
  { value: 'tag_added', Icon: IconTag },
  { value: 'tag_removed', Icon: IconTagOff },
  { value: 'date', Icon: IconCalendar },
  { value: 'segment_entered', Icon: IconSegment },
] as const;

/** What starts it: one of seven things, each with what it needs to be told. */
export function TriggerStep({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  const names = useNames();
  const { ongoing, put } = useOngoing(draft);
  // What was entered for a kind stands again when one comes back to it.
  const [form, setForm] = useState(() => triggerForm(ongoing.trigger));
  const change = (next: TriggerForm) => {
    setForm(next);
    put({ trigger: triggerOf(next) ?? undefined });
  };
  return (
    <>
      <RadioCards
        name="trigger"
        label={t('ongoing.trigger')}
        value={form.kind}
        onChange={(kind) => change({ ...form, kind })}
        cards={kinds.map(({ value, Icon }) => ({
          value,
          Icon,
          title: t(`ongoing.triggers.${value}`),
          help: t(`ongoing.triggerHelp.${value}`),
        }))}
      />
      <TriggerFields form={form} onChange={change} />
      <p className={classes.sentence} role="status">
        {ongoing.trigger
          ? triggerWords(t, ongoing.trigger, names)
          : t(form.kind ? 'ongoing.unfinished' : 'ongoing.says.noTrigger')}
      </p>
    </>
  );
}
