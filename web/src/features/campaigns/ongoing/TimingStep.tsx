import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { traitsQuery } from '~/features/audience/api';
import { traitWords } from '~/features/audience/words';
import { Note } from '~/ui/Note';
import { Select } from '~/ui/Select';
import { QuietFields } from '../builder/QuietFields';
import { Figure, Line, Rules, smallInput } from '../builder/Rule';
import { StepPart } from '../builder/StepPart';
import type { Draft } from '../builder/useDraft';
import type { Delay } from './contract';
import { delayWords } from './sentences';
import { UnlessFields } from './UnlessFields';
import { useOngoing } from './useOngoing';

const parts = [
  { name: 'days', most: 365 },
  { name: 'hours', most: 72 },
  { name: 'minutes', most: 59 },
] as const;
const USUAL_TIME = '10:00';
const MOST_LATE = 720;

/** How long it waits, what must not happen meanwhile, and when nobody is to be written to. */
export function TimingStep({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  const { ongoing, put } = useOngoing(draft);
  const { delay } = ongoing;
  const wait = (change: Partial<Delay>) => {
    const { at, ...rest } = { ...delay, ...change };
    put({ delay: at ? { ...rest, at } : rest });
  };
  return (
    <>
      <StepPart id="delay" title={t('ongoing.delay.title')}>
        <Rules>
          <Line name={t('ongoing.delay.wait')} help={t('ongoing.delay.waitHelp')}>
            {parts.map(({ name, most }) => (
              <Figure
                key={name}
                label={t(`ongoing.delay.${name}`)}
                after={t(`ongoing.delay.${name}`)}
                value={delay[name]}
                least={0}
                most={most}
                whole
                onChange={(value) => wait({ [name]: value })}
              />
            ))}
          </Line>
          <Line
            name={t('ongoing.delay.until')}
            help={t('ongoing.delay.untilHelp')}
            on={Boolean(delay.at)}
            onToggle={(on) => wait({ at: on ? USUAL_TIME : null })}
          >
            {delay.at ? (
              <input
                type="time"
                className={smallInput}
                aria-label={t('ongoing.delay.until')}
                value={delay.at}
                onChange={({ currentTarget: { value } }) => value && wait({ at: value })}
              />
            ) : null}
          </Line>
          <Line name={t('ongoing.zone')} help={t('ongoing.zoneHelp')}>
            <ZoneSelect value={ongoing.zone_trait} onChange={(zone_trait) => put({ zone_trait })} />
          </Line>
          <Line name={t('ongoing.late')} help={t('ongoing.lateHelp')}>
            <Figure
              label={t('ongoing.late')}
              after={t('ongoing.hoursUnit')}
              value={ongoing.late_after_hours}
              least={1}
              most={MOST_LATE}
              whole
              onChange={(late_after_hours) => put({ late_after_hours })}
            />
          </Line>
        </Rules>
        <Note live>{delayWords(t, delay)}</Note>
      </StepPart>
      <UnlessFields unless={ongoing.unless} onChange={(unless) => put({ unless })} />
      <QuietFields
        schedule={draft.campaign.schedule ?? { when: 'now' }}
        onChange={(schedule) => draft.edit({ schedule })}
      />
    </>
  );
}

function ZoneSelect({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (trait: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const { data: traits } = useQuery(traitsQuery);
  const texts = (traits ?? []).filter(({ kind }) => kind === 'text');
  const gone = value && !texts.some(({ key }) => key === value);
  return (
    <Select
      bare
      label={t('ongoing.zone')}
      value={value ?? ''}
      choices={[
        { value: '', text: t('builder.zoneByCountry') },
        ...texts.map(({ key }) => ({ value: key, text: traitWords(texts, key) })),
        ...(gone ? [{ value, text: traitWords(texts, value) }] : []),
      ]}
      onChange={(trait) => onChange(trait || undefined)}
    />
  );
}
