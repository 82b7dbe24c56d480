import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Template } from '~/api/contract';
import { Section } from '~/features/settings/Section';
import { SyncButton } from '~/features/settings/SyncButton';
import { useMay } from '~/features/settings/sections';
import { languageName } from '~/lib/format';
import { Filter } from '~/ui/Filter';
import { IconSearch, IconTemplate } from '~/ui/icons';
import { QualityChip } from '~/ui/QualityChip';
import { SearchBox } from '~/ui/SearchBox';
import { EmptyState, ErrorState } from '~/ui/States';
import { Row, rowDoor, SkeletonRows, Table, Td, Th } from '~/ui/Table';
import { syncTemplates, templateListQuery } from './list';
import { StatusChip } from './StatusChip';
import { categories, filterStatuses, type TemplatesSearch } from './search';
import classes from './TemplatesPage.module.css';

/** The templates of all WABAs as they were last read from Meta. */
export function TemplatesPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = useSearch({ from: '/signed-in/settings/templates' });
  const maySync = useMay('templates.write');
  const list = useInfiniteQuery({ ...templateListQuery(search), placeholderData: (old) => old });
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = list;
  const rows = data?.pages.flatMap((page) => page.data);
  const filtered = Boolean(search.q || search.state || search.category);
  const narrow = (change: Partial<TemplatesSearch>) =>
    void navigate({ to: '/settings/templates', search: { ...search, ...change }, replace: true });
  return (
    <Section
      title={t('settings.sections.templates')}
      lead={t('templates.lead')}
      action={
        maySync ? (
          <SyncButton sync={syncTemplates} begun={t('templates.syncing')} refresh={['templates']} />
        ) : null
      }
    >
      <div className={classes.filters}>
        <SearchBox
          label={t('templates.search')}
          value={search.q ?? ''}
          onSearch={(q) => narrow({ q: q || undefined })}
        />
        <Filter
          label={t('templates.statusName')}
          value={search.state}
          choices={filterStatuses.map((value) => ({ value, text: t(`templates.status.${value}`) }))}
          onChange={(state) => narrow({ state })}
        />
        <Filter
          label={t('templates.category')}
          value={search.category}
          choices={categories.map((value) => ({ value, text: t(`templates.categories.${value}`) }))}
          onChange={(category) => narrow({ category })}
        />
      </div>
      {error && !data ? <ErrorState error={error} retry={refetch} /> : null}
      {rows?.length === 0 ? (
        filtered ? (
          <EmptyState
            icon={<IconSearch size={22} strokeWidth={1.75} />}
            title={t('templates.noHits')}
            action={
              <Button component={Link} to="/settings/templates" variant="default">
                {t('templates.clear')}
              </Button>
            }
          >
            {t('templates.noHitsText')}
          </EmptyState>
        ) : (
          <EmptyState icon={<IconTemplate size={22} strokeWidth={1.75} />} title={t('templates.none')}>
            {t('templates.noneText')}
          </EmptyState>
        )
      ) : null}
      {isPending || rows?.length ? (
        <Table
          label={t('settings.sections.templates')}
          head={
            <>
              <Th>{t('templates.name')}</Th>
              <Th tight>{t('templates.statusName')}</Th>
              <Th wide>{t('templates.category')}</Th>
              <Th wide>{t('templates.language')}</Th>
              <Th wide tight>
                {t('templates.quality')}
              </Th>
            </>
          }
        >
          {isPending ? <SkeletonRows columns={5} rows={6} /> : null}
          {rows?.map((template) => (
            <TemplateRow key={template.id} template={template} search={search} />
          ))}
        </Table>
      ) : null}
      {hasNextPage ? (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('templates.more')}
        </Button>
      ) : null}
    </Section>
  );
}

function TemplateRow({ template, search }: { template: Template; search: TemplatesSearch }) {
  const { t } = useTranslation();
  const body = template.components.find((each) => each.type.toLowerCase() === 'body')?.text;
  return (
    <Row>
      <Td>
        <span className={classes.what}>
          <Link
            to="/settings/templates/$templateId"
            params={{ templateId: template.id }}
            search={search}
            className={rowDoor}
          >
            {template.name}
          </Link>
          <span className={classes.begins} dir="auto">
            {body?.replace(/\s+/g, ' ')}
          </span>
        </span>
      </Td>
      <Td tight>
        <StatusChip status={template.status} />
      </Td>
      <Td wide>{t(`templates.categories.${template.category}`)}</Td>
      <Td wide>{languageName(template.language)}</Td>
      <Td wide tight>
        <QualityChip quality={template.quality} />
      </Td>
    </Row>
  );
}
