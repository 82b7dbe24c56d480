import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { count } from '~/lib/format';
import { Chip, type Tone } from '~/ui/Chip';
import { Filter } from '~/ui/Filter';
import { FilterRow, Narrowed } from '~/ui/FilterRow';
import { IconDownload } from '~/ui/icons';
import { Part } from '~/ui/Part';
import { SearchBox } from '~/ui/SearchBox';
import { EmptyState, ErrorState } from '~/ui/States';
import { narrowOnly, Row, rowDoor, SkeletonRows, Table, Td, Th } from '~/ui/Table';
import { When } from '~/ui/When';
import { recipientsFile, recipientsQuery } from '../api';
import type { Campaign, Recipient, Report } from '../contract';
import { reasonWords } from '../review/reasons';
import type { ReportSearch } from '../search';
import { failureWords } from './FailuresPart';
import { PersonCell } from './PersonCell';
import classes from './Report.module.css';

const states = [
  'planned',
  'queued',
  'accepted',
  'sent',
  'delivered',
  'read',
  'failed',
  'unknown',
  'unconfirmed',
  'skipped',
] as const;

const tones: Record<string, Tone> = {
  delivered: 'info',
  read: 'success',
  played: 'success',
  failed: 'danger',
  unknown: 'warning',
  unconfirmed: 'warning',
};

const tickNames = [...states, 'attempting', 'played'] as const;

const stateWords = (t: TFunction<'texts'>, state: string): string => {
  const known = tickNames.find((each) => each === state);
  return known ? t(`ticks.${known}`) : state;
};

/** Everybody one by one: where the message is, why it went wrong, and the chat. */
export function Recipients({ campaign, report }: { campaign: Campaign; report: Report }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = useSearch({ from: '/signed-in/campaigns/$campaignId' });
  const list = useInfiniteQuery({ ...recipientsQuery(campaign.id, search), placeholderData: (old) => old });
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = list;
  const rows = data?.pages.flatMap((page) => page.data);
  const narrow = (change: Partial<ReportSearch>) =>
    void navigate({
      to: '/campaigns/$campaignId',
      params: { campaignId: campaign.id },
      // From what the address says by then: of two changes in a row both hold.
      search: (now: ReportSearch) => ({ ...now, ...change }),
      replace: true,
      resetScroll: false,
    });
  return (
    <Part
      id="people"
      title={t('report.people')}
      action={
        <Button
          component="a"
          href={recipientsFile(campaign.id)}
          download
          variant="default"
          leftSection={<IconDownload size={16} strokeWidth={1.75} />}
        >
          {t('report.export')}
        </Button>
      }
    >
      <FilterRow>
        <SearchBox
          label={t('report.search')}
          value={search.q ?? ''}
          onSearch={(q) => narrow({ q: q || undefined })}
        />
        <Filter
          label={t('report.state')}
          value={states.find((each) => each === search.state)}
          choices={states.map((value) => ({
            value,
            text: t('audience.counted', {
              name: stateWords(t, value),
              count: count(report.counts[value] ?? 0),
            }),
          }))}
          onChange={(state) => narrow({ state, reason: undefined })}
        />
        {search.reason ? (
          <Narrowed clear={t('report.anyReason')} onClear={() => narrow({ reason: undefined })}>
            {search.state === 'skipped' ? reasonWords(t, search.reason) : failureWords(t, search.reason)}
          </Narrowed>
        ) : null}
      </FilterRow>
      {error && !data ? <ErrorState error={error} retry={refetch} /> : null}
      {rows?.length === 0 ? (
        <EmptyState title={t('report.nobody')}>{t('report.nobodyText')}</EmptyState>
      ) : null}
      {isPending || rows?.length ? (
        <Table
          label={t('report.people')}
          head={
            <>
              <Th>{t('report.person')}</Th>
              <Th tight>{t('report.state')}</Th>
              <Th wide>{t('report.why')}</Th>
              <Th wide tight end>
                {t('report.moment')}
              </Th>
            </>
          }
        >
          {isPending ? <SkeletonRows columns={4} rows={5} /> : null}
          {rows?.map((recipient) => (
            <RecipientRow key={`${recipient.contact_id} ${recipient.round}`} recipient={recipient} />
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

function RecipientRow({ recipient }: { recipient: Recipient }) {
  const { t } = useTranslation();
  const { name, phone, state, reason, code, conversation_id: conversation, updated_at: at } = recipient;
  const shown = name || phone || t('contact.nameless');
  const why = reason
    ? state === 'skipped'
      ? reasonWords(t, reason)
      : state === 'failed'
        ? failureWords(t, reason)
        : null
    : null;
  return (
    <Row>
      <Td>
        <PersonCell id={recipient.contact_id} name={name}>
          {conversation ? (
            <Link to="/inbox/$conversationId" params={{ conversationId: conversation }} className={rowDoor}>
              <bdi>{shown}</bdi>
            </Link>
          ) : (
            <bdi>{shown}</bdi>
          )}
          {name && phone ? <bdi className={classes.phone}>{phone}</bdi> : null}
          {why ? <span className={narrowOnly}>{why}</span> : null}
        </PersonCell>
      </Td>
      <Td tight>
        <Chip tone={tones[state] ?? 'neutral'}>{stateWords(t, state)}</Chip>
      </Td>
      <Td wide>
        {why}
        {code ? <span className={classes.code}> {t('bubble.code', { code })}</span> : null}
      </Td>
      <Td wide tight end>
        {at ? <When at={at} /> : null}
      </Td>
    </Row>
  );
}
