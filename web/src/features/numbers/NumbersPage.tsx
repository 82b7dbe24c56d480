import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Section } from '~/features/settings/Section';
import { SyncButton } from '~/features/settings/SyncButton';
import { useMay } from '~/features/settings/sections';
import { IconPhone } from '~/ui/icons';
import { EmptyState, ErrorState } from '~/ui/States';
import { numbersQuery, syncNumbers } from './api';
import { NumberCard, NumberSkeleton } from './NumberCard';
import classes from './NumbersPage.module.css';

/** The business's phone numbers as Meta knows them; read only. */
export function NumbersPage() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(numbersQuery);
  const maySync = useMay('numbers.write');
  return (
    <Section
      title={t('settings.sections.numbers')}
      lead={t('numbers.lead')}
      action={
        maySync ? (
          <SyncButton sync={syncNumbers} begun={t('numbers.syncing')} refresh={numbersQuery.queryKey} />
        ) : null
      }
    >
      {error && !data ? <ErrorState error={error} retry={refetch} /> : null}
      {data?.length === 0 ? (
        <EmptyState icon={<IconPhone size={22} strokeWidth={1.75} />} title={t('numbers.none')}>
          {t('numbers.noneText')}
        </EmptyState>
      ) : null}
      <ul className={classes.cards}>
        {isPending ? <NumberSkeleton /> : null}
        {data?.map((number) => (
          <NumberCard key={number.id} number={number} />
        ))}
      </ul>
    </Section>
  );
}
