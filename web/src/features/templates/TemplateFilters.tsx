import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { numbersQuery } from '~/features/numbers/api';
import { useMay } from '~/features/settings/sections';
import { languageName } from '~/lib/format';
import { Filter } from '~/ui/Filter';
import { FilterRow } from '~/ui/FilterRow';
import { SearchBox } from '~/ui/SearchBox';
import { Segments } from '~/ui/Segments';
import { categories, filterStatuses, type TemplatesSearch } from './search';
import classes from './TemplatesPage.module.css';

interface Props {
  search: TemplatesSearch;
  /** Of the templates that are there. */
  languages: string[];
  onNarrow: (change: Partial<TemplatesSearch>) => void;
}

/** The accounts of the numbers, each once. */
export function useWabas(): { waba_id: string; name: string }[] {
  const mayRead = useMay('numbers.read');
  const { data } = useQuery({ ...numbersQuery, enabled: mayRead });
  return [...new Map(data?.map(({ waba }) => [waba.waba_id, waba])).values()];
}

/** What narrows the list, and how it is shown; all of it is kept in the address. */
export function TemplateFilters({ search, languages, onNarrow }: Props) {
  const { t } = useTranslation();
  const wabas = useWabas();
  const known = search.language && !languages.includes(search.language) ? [search.language] : [];
  return (
    <FilterRow>
      <SearchBox
        label={t('templates.search')}
        value={search.q ?? ''}
        onSearch={(q) => onNarrow({ q: q || undefined })}
      />
      <Filter
        label={t('templates.statusName')}
        value={search.state}
        choices={filterStatuses.map((value) => ({ value, text: t(`templates.status.${value}`) }))}
        onChange={(state) => onNarrow({ state })}
      />
      <Filter
        label={t('templates.category')}
        value={search.category}
        choices={categories.map((value) => ({ value, text: t(`templates.categories.${value}`) }))}
        onChange={(category) => onNarrow({ category })}
      />
      <Filter
        label={t('templates.language')}
        value={search.language}
        choices={[...known, ...languages].map((value) => ({ value, text: languageName(value) }))}
        onChange={(language) => onNarrow({ language })}
      />
      {wabas.length > 1 ? (
        <Filter
          label={t('templates.waba')}
          value={search.waba}
          choices={wabas.map(({ waba_id, name }) => ({ value: waba_id, text: name }))}
          onChange={(waba) => onNarrow({ waba })}
        />
      ) : null}
      <div className={classes.view}>
        <Segments
          name="view"
          label={t('templates.view')}
          value={search.as ?? 'list'}
          choices={[
            { value: 'list', text: t('templates.views.list') },
            { value: 'gallery', text: t('templates.views.gallery') },
          ]}
          onChange={(view) => onNarrow({ as: view === 'gallery' ? 'gallery' : undefined })}
        />
      </div>
    </FilterRow>
  );
}
