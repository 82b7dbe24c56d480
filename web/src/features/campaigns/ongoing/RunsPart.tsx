import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useNames } from '~/features/audience/useNames';
import type { Names } from '~/features/audience/words';
import { exact } from '~/lib/format';
import { Chip, type Tone } from '~/ui/Chip';
import { Filter } from '~/ui/Filter';
import { FilterRow } from '~/ui/FilterRow';
import { IconTrigger } from '~/ui/icons';
import { Part } from '~/ui/Part';
import { EmptyState, ErrorState } from '~/ui/States';
import { narrowOnly, Row, rowDoor, SkeletonRows, Table, Td, Th } from '~/ui/Table';
import { When } from '~/ui/When';
import type { Campaign } from '../contract';
import { PersonCell } from '../report/PersonCell';
import { reasonWords } from '../review/reasons';
import type { ReportSearch, RunsSearch } from '../search';
import { runsQuery, versionsQuery } from './api';
import { armWords } from './arms';
import { type Ongoing, type Run, runStates } from './contract';
import classes from './OngoingReport.module.css';
import { happenedWords } from './sentences';
import { usualOngoing } from './useOngoing';

/** Why a run can end without a message. */
const endings = [
  'no_match',
  'again',
  'unless',
  'too_late',
  'day_moved',
  'merged',
  'outdated',
  'stopped',
] as const;

const tones: Record<Run['state'], Tone> = {
  new: 'neutral',
  waiting: 'info',
  done: 'success',
  dropped: 'neutral',
};

/** Each time that it started, the newest first: for whom, by what, how it stands and why. */
export function RunsPart({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const names = useNames();
  const { run, dropped } = useSearch({ from: '/signed-in/campaigns/$campaignId' });
  const search: RunsSearch = { run, dropped };
  const list = useInfiniteQuery({ ...runsQuery(campaign.id, search), placeholderData: (old) => old });
  const { data: versions } = useQuery(versionsQuery(campaign.id));
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = list;
  const rows = data?.pages.flatMap((page) => page.data);
  const filtered = Boolean(run || dropped);
  const narrow = (change: RunsSearch) =>
    void navigate({
      to: '/campaigns/$campaignId',
      params: { campaignId: campaign.id },
      search: ({ run: _, dropped: __, ...now }: ReportSearch & RunsSearch) => ({ ...now, ...change }),
      replace: true,
      resetScroll: false,
    });
  const ongoingOf = (no: number): Ongoing =>
    (versions?.find((each) => each.no === no)?.says.ongoing as Ongoing | undefined) ??
    campaign.ongoing ??
    usualOngoing;
  return (
    <Part id="runs" title={t('ongoing.runs.title')} lead={t('ongoing.runs.lead')}>
      {filtered || rows?.length ? (
        <FilterRow>
          <Filter
            label={t('report.state')}
            value={runStates.find((each) => each === run)}
            choices={runStates.map((value) => ({ value, text: t(`ongoing.runs.states.${value}`) }))}
            onChange={(next) => narrow({ run: next })}
          />
          <Filter
            label={t('report.why')}
            value={endings.find((each) => each === dropped)}
            choices={endings.map((value) => ({ value, text: reasonWords(t, value) }))}
            onChange={(next) => narrow({ run: next ? 'dropped' : run, dropped: next })}
          />
        </FilterRow>
      ) : null}
      {error && !data ? <ErrorState error={error} retry={refetch} /> : null}
      {rows?.length === 0 ? (
        filtered ? (
          <EmptyState title={t('report.nobody')}>{t('ongoing.runs.noneFiltered')}</EmptyState>
        ) : (
          <EmptyState icon={<IconTrigger size={22} strokeWidth={1.75} />} title={t('ongoing.runs.none')}>
            {t('ongoing.runs.noneText')}
          </EmptyState>
        )
      ) : null}
      {isPending || rows?.length ? (
        <Table
          label={t('ongoing.runs.title')}
          head={
            <>
              <Th>{t('report.person')}</Th>
              <Th wide>{t('ongoing.runs.by')}</Th>
              <Th tight>{t('report.state')}</Th>
              <Th wide>{t('ongoing.runs.became')}</Th>
              <Th wide tight end>
                {t('report.moment')}
              </Th>
            </>
          }
        >
          {isPending ? <SkeletonRows columns={5} rows={5} /> : null}
          {rows?.map((each) => (
            <RunRow key={each.id} run={each} ongoing={ongoingOf(each.version)} names={names} />
          ))}
        </Table>
      ) : null}
      {hasNextPage ? (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('campaigns.more')}
        </Button>
      ) : null}
    </Part>
  );
}

function RunRow({ run, ongoing, names }: { run: Run; ongoing: Ongoing; names: Names }) {
  const { t } = useTranslation();
  const { name, contact_id: person, state, reason } = run;
  const became = reason
    ? reasonWords(t, reason)
    : state === 'done'
      ? armWords(t, run.variant, ongoing.variants)
      : state === 'waiting'
        ? t('ongoing.runs.due', { at: exact(run.due_at) })
        : '';
  return (
    <Row>
      <Td>
        <PersonCell id={person} name={name}>
          <Link to="/contacts" search={{ person }} className={rowDoor}>
            <bdi>{name || t('contact.nameless')}</bdi>
          </Link>
          <span className={narrowOnly}>{became}</span>
        </PersonCell>
      </Td>
      <Td wide>{ongoing.trigger ? <bdi>{happenedWords(t, ongoing.trigger, names)}</bdi> : null}</Td>
      <Td tight>
        <Chip tone={tones[state]}>{t(`ongoing.runs.states.${state}`)}</Chip>
      </Td>
      <Td wide>
        <span className={classes.became}>{became}</span>
      </Td>
      <Td wide tight end>
        <When at={run.began_at} />
      </Td>
    </Row>
  );
}
