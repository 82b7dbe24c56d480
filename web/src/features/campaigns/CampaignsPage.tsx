import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '~/features/settings/sections';
import { useRowKeys } from '~/features/shortcuts/useRowKeys';
import { useShortcut } from '~/features/shortcuts/useShortcut';
import { Filter } from '~/ui/Filter';
import { FilterRow } from '~/ui/FilterRow';
import { Frame } from '~/ui/Frame';
import { IconCampaign, IconPlus, IconSearch } from '~/ui/icons';
import { SearchBox } from '~/ui/SearchBox';
import { EmptyState, ErrorState } from '~/ui/States';
import { SkeletonRows, Table, Th } from '~/ui/Table';
import { campaignListQuery } from './api';
import { CampaignRow } from './CampaignRow';
import { campaignStates } from './contract';
import { NewCampaignDialog } from './NewCampaignDialog';
import { stateWords } from './StateChip';
import { type CampaignsSearch, campaignsSearch } from './search';
import './texts';

/** All campaigns, newest first: where each stands and what became of it. */
export function CampaignsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { new: asking, ...search } = useSearch({ from: '/signed-in/campaigns/' });
  const mayWrite = useMay('campaigns.write');
  const list = useInfiniteQuery({ ...campaignListQuery(search), placeholderData: (old) => old });
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = list;
  const rows = data?.pages.flatMap((page) => page.data);
  const filtered = Boolean(search.q || search.state);
  const narrow = (change: Partial<CampaignsSearch>) =>
    void navigate({
      to: '/campaigns',
      // From what the address says by then: of two changes in a row both hold.
      search: (now) => ({ ...campaignsSearch(now), new: undefined, ...change }),
      replace: true,
    });
  const ask = () =>
    void navigate({ to: '/campaigns', search: (now) => ({ ...campaignsSearch(now), new: true }) });
  useRowKeys();
  useShortcut('newCampaign', ask, mayWrite);
  const create = mayWrite ? (
    <Button leftSection={<IconPlus size={16} strokeWidth={2} />} onClick={ask}>
      {t('campaigns.create')}
    </Button>
  ) : null;
  return (
    <Frame title={t('campaigns.title')} lead={t('campaigns.lead')} action={create}>
      {filtered || isPending || rows?.length ? (
        <FilterRow>
          <SearchBox
            label={t('campaigns.search')}
            value={search.q ?? ''}
            onSearch={(q) => narrow({ q: q || undefined })}
          />
          <Filter
            label={t('campaigns.stateName')}
            value={search.state}
            choices={campaignStates.map((value) => ({ value, text: stateWords(t, value) }))}
            onChange={(state) => narrow({ state })}
          />
        </FilterRow>
      ) : null}
      {error && !data ? <ErrorState error={error} retry={refetch} /> : null}
      {rows?.length === 0 ? (
        filtered ? (
          <EmptyState
            icon={<IconSearch size={22} strokeWidth={1.75} />}
            title={t('campaigns.noHits')}
            action={
              <Button component={Link} to="/campaigns" variant="default">
                {t('campaigns.clear')}
              </Button>
            }
          >
            {t('campaigns.noHitsText')}
          </EmptyState>
        ) : (
          <EmptyState
            icon={<IconCampaign size={22} strokeWidth={1.75} />}
            title={t('campaigns.none')}
            action={create}
          >
            {t('campaigns.noneText')}
          </EmptyState>
        )
      ) : null}
      {isPending || rows?.length ? (
        <Table
          label={t('campaigns.title')}
          head={
            <>
              <Th>{t('campaigns.name')}</Th>
              <Th tight>{t('campaigns.stateName')}</Th>
              <Th wide>{t('campaigns.progress')}</Th>
              <Th wide tight end>
                {t('campaigns.figures.sent')}
              </Th>
              <Th wide="most" tight end>
                {t('campaigns.figures.delivered')}
              </Th>
              <Th wide tight end>
                {t('campaigns.figures.read')}
              </Th>
              <Th wide="most" tight end>
                {t('campaigns.figures.replied')}
              </Th>
              <Th wide tight end>
                {t('campaigns.cost')}
              </Th>
              <Th wide="most" tight end>
                {t('campaigns.when')}
              </Th>
              <Th tight end>
                <span className="visually-hidden">{t('campaigns.actions')}</span>
              </Th>
            </>
          }
        >
          {isPending ? <SkeletonRows columns={10} rows={6} /> : null}
          {rows?.map((campaign) => (
            <CampaignRow key={campaign.id} campaign={campaign} />
          ))}
        </Table>
      ) : null}
      {hasNextPage ? (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('campaigns.more')}
        </Button>
      ) : null}
      <NewCampaignDialog opened={mayWrite && asking === true} onClose={() => narrow({})} />
    </Frame>
  );
}
