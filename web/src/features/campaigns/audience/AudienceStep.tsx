import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Filter } from '~/features/audience/contract';
import { FilterBuilder } from '~/features/audience/FilterBuilder';
import { CampaignValue, ListValue, SegmentValue } from '~/features/audience/NounValues';
import { ImportPanel } from '~/features/imports/ImportPanel';
import { numbersQuery } from '~/features/numbers/api';
import { IconFilter, IconList, IconOutcome, IconSegment, IconTable, IconUsers } from '~/ui/icons';
import { RadioCards } from '~/ui/RadioCards';
import type { Draft } from '../builder/useDraft';
import classes from './AudienceStep.module.css';
import { LiveCount } from './LiveCount';
import { type Way, wayOf } from './way';

const ways = [
  { value: 'everyone', Icon: IconUsers },
  { value: 'rules', Icon: IconFilter },
  { value: 'segment', Icon: IconSegment },
  { value: 'list', Icon: IconList },
  { value: 'file', Icon: IconTable },
  { value: 'outcome', Icon: IconOutcome },
] as const;

/** What goes out when something happens asks a rule, not people who were picked before. */
const lasting: Way[] = ['everyone', 'rules', 'segment', 'list'];

/** Who gets it: chosen in one of a few ways, and counted as one chooses. */
export function AudienceStep({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  const { audience } = draft.campaign;
  const { data: numbers } = useQuery(numbersQuery);
  const ongoing = draft.campaign.kind === 'ongoing';
  const read = wayOf(audience);
  // What cannot be chosen here stands as the rule that it is.
  const stored = ongoing && read === 'outcome' ? 'rules' : read;
  const offered = ongoing ? ways.filter(({ value }) => lasting.includes(value)) : ways;
  const [chosen, setChosen] = useState<Way | null>(null);
  const way = chosen ?? stored;
  // What was entered in a way stands again when one comes back to it.
  const [kept, setKept] = useState<Partial<Record<Way, Filter | null>>>({});
  const put = (filter: Filter | null) => draft.edit({ audience: filter });
  const choose = (next: Way) => {
    if (way) setKept({ ...kept, [way]: audience });
    setChosen(next);
    put(next === 'everyone' ? { everyone: true } : (kept[next] ?? null));
  };
  const list = audience && 'list' in audience ? audience.list : '';
  return (
    <>
      <RadioCards
        name="way"
        compact
        label={t('audience.way')}
        value={way}
        onChange={choose}
        cards={offered.map(({ value, Icon }) => ({
          value,
          Icon,
          title: t(`audience.ways.${value}`),
          help: t(`audience.wayHelp.${value}`),
        }))}
      />
      {way === 'rules' ? <FilterBuilder filter={audience} onChange={put} /> : null}
      {way === 'segment' ? (
        <div className={classes.single}>
          <SegmentValue
            segment={audience && 'segment' in audience ? audience.segment : ''}
            onChange={(id) => put({ segment: id })}
          />
        </div>
      ) : null}
      {way === 'list' ? (
        <div className={classes.single}>
          <ListValue list={list} onChange={(id) => put({ list: id })} />
        </div>
      ) : null}
      {way === 'file' ? (
        <ImportPanel
          numberCountry={numbers?.find(({ id }) => id === draft.campaign.number_id)?.country ?? null}
          remember={`wigwag-import-${draft.campaign.id}`}
          onList={(id) => {
            put({ list: id });
            setChosen('list');
          }}
        />
      ) : null}
      {way === 'outcome' ? <OutcomeFields filter={audience} onChange={put} /> : null}
      {way && way !== 'file' ? <LiveCount filter={audience} template={draft.campaign.template_id} /> : null}
    </>
  );
}

function OutcomeFields({
  filter,
  onChange,
}: {
  filter: Filter | null;
  onChange: (filter: Filter | null) => void;
}) {
  const at = filter && 'campaign' in filter ? filter.campaign : null;
  const [now, setNow] = useState({
    campaign: at?.id ?? '',
    outcome: at?.outcome ?? ['delivered'],
    missed: at?.not === true,
  });
  return (
    <div className={classes.outcome}>
      <CampaignValue
        {...now}
        onChange={(next) => {
          setNow(next);
          onChange(
            next.campaign && next.outcome.length > 0
              ? {
                  campaign: {
                    id: next.campaign,
                    outcome: next.outcome,
                    ...(next.missed ? { not: true } : {}),
                  },
                }
              : null,
          );
        }}
      />
    </div>
  );
}
