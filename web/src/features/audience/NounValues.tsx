import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { campaignListQuery } from '~/features/campaigns/api';
import { segmentsQuery } from '~/features/segments/api';
import { useMay } from '~/features/settings/sections';
import { count } from '~/lib/format';
import { Checkbox } from '~/ui/Checkbox';
import { Select } from '~/ui/Select';
import { listsQuery, tagsQuery } from './api';
import { outcomes } from './contract';
import classes from './FilterBuilder.module.css';
import { outcomeWords } from './words';

/** A tag that somebody has, with how many do. */
export function TagValue({ tag, onChange }: { tag: string; onChange: (tag: string) => void }) {
  const { t } = useTranslation();
  const { data: tags } = useQuery(tagsQuery);
  const gone = tag !== '' && tags !== undefined && !tags.some((each) => each.tag === tag);
  return (
    <span className={classes.value}>
      <Select
        bare
        label={t('audience.tag')}
        value={tag}
        placeholder={tags?.length === 0 ? t('audience.noTags') : t('audience.chooseTag')}
        choices={[
          ...(tags ?? []).map((each) => ({
            value: each.tag,
            text: t('audience.counted', { name: each.tag, count: count(each.contacts) }),
          })),
          ...(tags === undefined && tag ? [{ value: tag, text: tag }] : []),
          ...(gone ? [{ value: tag, text: tag }] : []),
        ]}
        onChange={onChange}
      />
    </span>
  );
}

/** A list of people that was imported or picked by hand. */
export function ListValue({ list, onChange }: { list: string; onChange: (list: string) => void }) {
  const { t } = useTranslation();
  const { data: lists } = useQuery(listsQuery);
  return (
    <span className={classes.value}>
      <Select
        bare
        label={t('audience.listName')}
        value={list}
        placeholder={lists?.length === 0 ? t('audience.noLists') : t('audience.chooseList')}
        choices={(lists ?? []).map((each) => ({
          value: each.id,
          text: t('audience.counted', { name: each.name, count: count(each.members) }),
        }))}
        onChange={onChange}
      />
    </span>
  );
}

/** A saved segment. */
export function SegmentValue({
  segment,
  onChange,
}: {
  segment: string;
  onChange: (segment: string) => void;
}) {
  const { t } = useTranslation();
  const { data: segments } = useQuery(segmentsQuery);
  return (
    <span className={classes.value}>
      <Select
        bare
        label={t('audience.segment')}
        value={segment}
        placeholder={segments?.length === 0 ? t('audience.noSegments') : t('audience.chooseSegment')}
        choices={(segments ?? []).map((each) => ({ value: each.id, text: each.name }))}
        onChange={onChange}
      />
    </span>
  );
}

interface CampaignProps {
  campaign: string;
  outcome: string[];
  missed: boolean;
  onChange: (next: { campaign: string; outcome: string[]; missed: boolean }) => void;
}

/** An earlier campaign and what became of people in it. */
export function CampaignValue({ campaign, outcome, missed, onChange }: CampaignProps) {
  const { t } = useTranslation();
  const mayRead = useMay('campaigns.read');
  const { data } = useInfiniteQuery({ ...campaignListQuery({}), enabled: mayRead });
  const earlier = data?.pages.flatMap((page) => page.data).filter((each) => each.state !== 'draft');
  const put = (name: string, on: boolean) =>
    onChange({
      campaign,
      missed,
      outcome: outcomes.filter((each) => (each === name ? on : outcome.includes(each))),
    });
  return (
    <>
      <span className={classes.how}>
        <Select
          bare
          label={t('audience.how')}
          value={missed ? 'not' : 'has'}
          choices={[
            { value: 'has', text: t('audience.has.campaign') },
            { value: 'not', text: t('audience.hasNot.campaign') },
          ]}
          onChange={(value) => onChange({ campaign, outcome, missed: value === 'not' })}
        />
      </span>
      <span className={classes.value}>
        <Select
          bare
          label={t('audience.campaign')}
          value={campaign}
          placeholder={earlier?.length === 0 ? t('audience.noCampaigns') : t('audience.chooseCampaign')}
          choices={(earlier ?? []).map((each) => ({ value: each.id, text: each.name }))}
          onChange={(id) => onChange({ campaign: id, outcome, missed })}
        />
        <span className={classes.boxes}>
          {outcomes.map((each) => (
            <Checkbox
              key={each}
              checked={outcome.includes(each)}
              onChange={(on) => put(each, on)}
              label={outcomeWords(t, each)}
            />
          ))}
        </span>
      </span>
    </>
  );
}
