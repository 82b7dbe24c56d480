import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { eventNamesQuery } from '~/features/audience/api';
import { PropertyRows } from '~/features/audience/PropertyRows';
import { count } from '~/lib/format';
import { InputField } from '~/ui/InputField';
import { Select } from '~/ui/Select';
import { Skeleton } from '~/ui/Skeleton';
import classes from './Ongoing.module.css';
import type { HappeningForm } from './trigger';

/** Longer names of events the server does not take. */
const LONGEST_NAME = 128;
/** The choice that opens a field to write a name in; no event has an empty name. */
const ANOTHER = ' ';

interface Props {
  event: HappeningForm;
  onChange: (event: HappeningForm) => void;
}

/** Which event, of those that were told or by a name that will be, and with which particulars. */
export function HappeningFields({ event, onChange }: Props) {
  const { t } = useTranslation();
  const { data: events } = useQuery(eventNamesQuery);
  const { name, where } = event;
  const known = events?.find((each) => each.name === name);
  const [writing, setWriting] = useState(false);
  if (!events) return <Skeleton height={60} />;
  const written = writing || events.length === 0 || (name !== '' && !known);
  const rename = (next: string) => onChange({ name: next, where: next === name ? where : [] });
  return (
    <div className={classes.fields}>
      {events.length > 0 ? (
        <div className={classes.choice}>
          <Select
            label={t('audience.event')}
            value={written ? ANOTHER : name}
            placeholder={t('audience.chooseEvent')}
            choices={[
              ...events.map((each) => ({
                value: each.name,
                text: t('ongoing.event.volume', {
                  name: each.name,
                  count: each.last_week,
                  shown: count(each.last_week),
                }),
              })),
              { value: ANOTHER, text: t('ongoing.event.another') },
            ]}
            onChange={(next) => {
              setWriting(next === ANOTHER);
              rename(next === ANOTHER ? '' : next);
            }}
          />
        </div>
      ) : null}
      {written ? (
        <InputField
          label={t('ongoing.event.name')}
          wide
          dir="auto"
          autoComplete="off"
          maxLength={LONGEST_NAME}
          placeholder={t('measure.eventSample')}
          help={t('ongoing.event.nameHelp')}
          value={name}
          onChange={({ currentTarget: { value } }) => onChange({ ...event, name: value })}
        />
      ) : null}
      <PropertyRows
        where={where}
        known={known}
        named={known !== undefined}
        onChange={(next) => onChange({ ...event, where: next })}
      />
    </div>
  );
}
