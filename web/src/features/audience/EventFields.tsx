import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { count } from '~/lib/format';
import { Select } from '~/ui/Select';
import { eventNamesQuery } from './api';
import classes from './FilterBuilder.module.css';
import { PropertyRows } from './PropertyRows';
import { SpanField } from './SpanField';
import type { EventSubject } from './tree';

const MOST_TIMES = 1_000_000;

interface Props {
  event: EventSubject & { not: boolean };
  onChange: (event: EventSubject & { not: boolean }) => void;
}

/** What somebody did or did not do: which event, how often, how lately, and with which particulars. */
export function EventFields({ event, onChange }: Props) {
  const { t } = useTranslation();
  const { data: events } = useQuery(eventNamesQuery);
  const { name, times, within, where } = event;
  const known = events?.find((each) => each.name === name);
  const names = [
    ...(events ?? []).map((each) => ({
      value: each.name,
      text: t('audience.counted', { name: each.name, count: count(each.last_week) }),
    })),
    ...(name && !known ? [{ value: name, text: name }] : []),
  ];
  return (
    <>
      <span className={classes.how}>
        <Select
          bare
          label={t('audience.how')}
          value={event.not ? 'not' : 'has'}
          choices={[
            { value: 'has', text: t('audience.has.event') },
            { value: 'not', text: t('audience.hasNot.event') },
          ]}
          onChange={(value) => onChange({ ...event, not: value === 'not' })}
        />
      </span>
      <span className={classes.value}>
        <Select
          bare
          label={t('audience.event')}
          value={name}
          placeholder={events?.length === 0 ? t('audience.noEvents') : t('audience.chooseEvent')}
          choices={names}
          onChange={(next) => onChange({ ...event, name: next, where: [] })}
        />
      </span>
      <span className={classes.line}>
        <TimesField times={times} onChange={(next) => onChange({ ...event, times: next })} />
        <Select
          bare
          label={t('audience.eventWhen')}
          value={within === null ? 'ever' : 'within'}
          choices={[
            { value: 'ever', text: t('audience.ever') },
            { value: 'within', text: t('audience.withinLast') },
          ]}
          onChange={(value) => onChange({ ...event, within: value === 'ever' ? null : '30d' })}
        />
        {within === null ? null : (
          <SpanField value={within ?? ''} onChange={(next) => onChange({ ...event, within: next })} />
        )}
      </span>
      <PropertyRows
        where={where}
        known={known}
        named={name !== ''}
        onChange={(next) => onChange({ ...event, where: next })}
      />
    </>
  );
}

function TimesField({
  times,
  onChange,
}: {
  times: number | undefined;
  onChange: (times: number | undefined) => void;
}) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(String(times ?? ''));
  return (
    <label className={classes.times}>
      <span>{t('audience.atLeast')}</span>
      <input
        className={classes.input}
        aria-label={t('audience.timesName')}
        aria-invalid={times === undefined || undefined}
        inputMode="numeric"
        autoComplete="off"
        maxLength={7}
        value={typed}
        onChange={({ currentTarget: { value } }) => {
          setTyped(value);
          const number = /^\d+$/.test(value.trim()) ? Number(value) : 0;
          onChange(number >= 1 && number <= MOST_TIMES ? number : undefined);
        }}
      />
      <span>{t('audience.timesAfter', { count: times ?? 2 })}</span>
    </label>
  );
}
