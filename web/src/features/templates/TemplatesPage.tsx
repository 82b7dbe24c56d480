import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Section } from '~/features/settings/Section';
import { SyncButton } from '~/features/settings/SyncButton';
import { useMay } from '~/features/settings/sections';
import { IconPlus, IconSearch, IconTemplate } from '~/ui/icons';
import { EmptyState, ErrorState } from '~/ui/States';
import { Gallery, GallerySkeleton } from './Gallery';
import { syncTemplates, templateListQuery } from './list';
import { isNarrowed, templatesSearch } from './search';
import { TemplateFilters } from './TemplateFilters';
import { TemplateTable } from './TemplateTable';
import './texts';

/** Every template of the workspace: what it says, how Meta sees it, and the way to write one more. */
export function TemplatesPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = useSearch({ from: '/signed-in/templates' });
  const mayWrite = useMay('templates.write');
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery(templateListQuery(search));
  const all = data?.pages.flatMap((page) => page.data);
  const rows = search.language ? all?.filter((each) => each.language === search.language) : all;
  const narrowed = isNarrowed(search);
  // The server knows no filter by language, so that all of them must be here before one is left out.
  const { language } = search;
  useEffect(() => {
    if (language && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [language, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const create = mayWrite ? (
    <Button component={Link} to="/templates/new" leftSection={<IconPlus size={16} strokeWidth={2} />}>
      {t('templates.new')}
    </Button>
  ) : null;
  return (
    <Section
      title={t('doors.templates')}
      lead={t('templates.lead')}
      back={false}
      wide
      action={
        mayWrite ? (
          <>
            <SyncButton sync={syncTemplates} begun={t('templates.syncing')} refresh={['templates']} />
            {create}
          </>
        ) : null
      }
    >
      <TemplateFilters
        search={search}
        languages={[...new Set(all?.map((each) => each.language))].toSorted()}
        onNarrow={(change) =>
          void navigate({
            to: '/templates',
            // From what the address says by then: of two changes in a row both hold.
            search: (now) => ({ ...templatesSearch(now), ...change }),
            replace: true,
          })
        }
      />
      {error && !data ? <ErrorState error={error} retry={refetch} /> : null}
      {rows?.length === 0 && !hasNextPage ? (
        narrowed ? (
          <EmptyState
            icon={<IconSearch size={22} strokeWidth={1.75} />}
            title={t('templates.noHits')}
            action={
              <Button component={Link} to="/templates" variant="default">
                {t('templates.clear')}
              </Button>
            }
          >
            {t('templates.noHitsText')}
          </EmptyState>
        ) : (
          <EmptyState
            icon={<IconTemplate size={22} strokeWidth={1.75} />}
            title={t('templates.none')}
            action={create}
          >
            {t('templates.noneText')}
          </EmptyState>
        )
      ) : null}
      {search.as === 'gallery' ? (
        isPending ? (
          <GallerySkeleton />
        ) : (
          <Gallery templates={rows ?? []} search={search} />
        )
      ) : isPending || rows?.length ? (
        <TemplateTable templates={rows} search={search} />
      ) : null}
      {hasNextPage && !language ? (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('templates.more')}
        </Button>
      ) : null}
    </Section>
  );
}
