import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { traitsQuery } from '~/features/audience/api';
import { traitWords } from '~/features/audience/words';
import { InputField } from '~/ui/InputField';
import { IconCalendar, IconSend, IconUsers } from '~/ui/icons';
import { Note, Wrong } from '~/ui/Note';
import { RadioCards } from '~/ui/RadioCards';
import { Select } from '~/ui/Select';
import type { Schedule } from '../contract';
import { MeasureFields } from './MeasureFields';
import { QuietFields } from './QuietFields';
import { SafetyFields } from './SafetyFields';
import classes from './ScheduleStep.module.css';
import type { Draft } from './useDraft';
import { allZones, instantOf, inZone, ownZone, wallClock, zoneWords } from './zones';

const kinds = [
  { value: 'now', Icon: IconSend },
  { value: 'at', Icon: IconCalendar },
  { value: 'local', Icon: IconUsers },
] as const;

const DAY_MS = 86_400_000;

/** Ten in the morning of tomorrow: a time at which nobody is woken. */
const tomorrow = (zone: string): { date: string; time: string } => ({
  date: wallClock(new Date(Date.now() + DAY_MS), zone).date,
  time: '10:00',
});

/** When it goes out, and what keeps it from going wrong. */
export function ScheduleStep({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  const { campaign, edit } = draft;
  const schedule: Schedule = campaign.schedule ?? { when: 'now' };
  const quiet = schedule.quiet;
  const withQuiet = quiet ? { quiet } : {};
  const choose = (when: Schedule['when']) => {
    if (when === schedule.when) return;
    if (when === 'now') edit({ schedule: { when, ...withQuiet } });
    else if (when === 'at') {
      const zone = ownZone();
      const { date, time } = tomorrow(zone);
      edit({
        schedule: { when, at: instantOf(date, time, zone) ?? new Date().toISOString(), zone, ...withQuiet },
      });
    } else edit({ schedule: { when, ...tomorrow(ownZone()), trait: null, ...withQuiet } });
  };
  return (
    <>
      <RadioCards
        name="when"
        label={t('builder.when')}
        value={schedule.when}
        onChange={choose}
        cards={kinds.map(({ value, Icon }) => ({
          value,
          Icon,
          title: t(`builder.whens.${value}`),
          help: t(`builder.whenHelp.${value}`),
        }))}
      />
      {schedule.when === 'at' ? (
        <AtFields schedule={schedule} onChange={(next) => edit({ schedule: next })} />
      ) : null}
      {schedule.when === 'local' ? (
        <LocalFields schedule={schedule} onChange={(next) => edit({ schedule: next })} />
      ) : null}
      <QuietFields schedule={schedule} onChange={(next) => edit({ schedule: next })} />
      <SafetyFields
        kind="one_time"
        settings={campaign.settings}
        onChange={(settings) => edit({ settings })}
      />
      <MeasureFields settings={campaign.settings} onChange={(settings) => edit({ settings })} />
    </>
  );
}

function AtFields({
  schedule,
  onChange,
}: {
  schedule: Extract<Schedule, { when: 'at' }>;
  onChange: (schedule: Schedule) => void;
}) {
  const { t } = useTranslation();
  const { date, time } = wallClock(new Date(schedule.at), schedule.zone);
  const put = (day: string, clock: string, zone: string) => {
    const at = instantOf(day, clock, zone);
    if (at) onChange({ ...schedule, at, zone });
  };
  const gone = Date.parse(schedule.at) <= Date.now();
  const elsewhere = schedule.zone !== ownZone();
  return (
    <div className={classes.group}>
      <div className={classes.row}>
        <InputField
          label={t('builder.day')}
          type="date"
          value={date}
          onChange={(event) => put(event.currentTarget.value, time, schedule.zone)}
        />
        <InputField
          label={t('builder.time')}
          type="time"
          value={time}
          onChange={(event) => put(date, event.currentTarget.value, schedule.zone)}
        />
        <span className={classes.zone}>
          <Select
            label={t('builder.zone')}
            value={schedule.zone}
            choices={allZones(schedule.zone).map((value) => ({ value, text: zoneWords(value) }))}
            onChange={(zone) => put(date, time, zone)}
          />
        </span>
      </div>
      {gone ? (
        <Wrong>{t('builder.gone')}</Wrong>
      ) : elsewhere ? (
        <Note>{t('builder.yourTime', { at: inZone(schedule.at, ownZone()) })}</Note>
      ) : null}
    </div>
  );
}

function LocalFields({
  schedule,
  onChange,
}: {
  schedule: Extract<Schedule, { when: 'local' }>;
  onChange: (schedule: Schedule) => void;
}) {
  const { t } = useTranslation();
  const { data: traits } = useQuery(traitsQuery);
  return (
    <div className={classes.group}>
      <div className={classes.row}>
        <InputField
          label={t('builder.day')}
          type="date"
          value={schedule.date}
          onChange={(event) =>
            event.currentTarget.value && onChange({ ...schedule, date: event.currentTarget.value })
          }
        />
        <InputField
          label={t('builder.time')}
          type="time"
          value={schedule.time}
          onChange={(event) =>
            event.currentTarget.value && onChange({ ...schedule, time: event.currentTarget.value })
          }
        />
        <span className={classes.zone}>
          <Select
            label={t('builder.zoneFrom')}
            value={schedule.trait ?? ''}
            choices={[
              { value: '', text: t('builder.zoneByCountry') },
              ...(traits ?? [])
                .filter(({ kind }) => kind === 'text')
                .map(({ key }) => ({ value: key, text: traitWords(traits ?? [], key) })),
            ]}
            onChange={(trait) => onChange({ ...schedule, trait: trait || null })}
          />
        </span>
      </div>
      <Note>{t('builder.zoneHelp')}</Note>
    </div>
  );
}
