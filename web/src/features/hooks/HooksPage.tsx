import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Hook } from '~/api/contract';
import { Section } from '~/features/settings/Section';
import { CardSkeleton } from '~/ui/Card';
import { IconPlus, IconWebhook } from '~/ui/icons';
import { EmptyState, ErrorState } from '~/ui/States';
import { hooksQuery } from './api';
import { DeleteHookDialog } from './DeleteHookDialog';
import { HookCard } from './HookCard';
import { NewHookDialog } from './NewHookDialog';

/** Addresses that shops call: made, tried, looked into, ended. */
export function HooksPage() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(hooksQuery);
  const [making, setMaking] = useState(false);
  const [deleting, setDeleting] = useState<Hook | null>(null);
  const make = (
    <Button leftSection={<IconPlus size={16} strokeWidth={2} />} onClick={() => setMaking(true)}>
      {t('hooks.create')}
    </Button>
  );
  return (
    <Section title={t('settings.sections.hooks')} lead={t('hooks.lead')} action={make}>
      {error && !data ? <ErrorState error={error} retry={refetch} /> : null}
      {isPending ? <CardSkeleton blocks={[{ width: '100%', height: 40 }]} /> : null}
      {data?.length === 0 ? (
        <EmptyState icon={<IconWebhook size={22} strokeWidth={1.75} />} title={t('hooks.none')}>
          {t('hooks.noneText')}
        </EmptyState>
      ) : null}
      {data?.map((hook) => (
        <HookCard key={hook.id} hook={hook} onDelete={() => setDeleting(hook)} />
      ))}
      <NewHookDialog opened={making} onClose={() => setMaking(false)} />
      <DeleteHookDialog hook={deleting} onClose={() => setDeleting(null)} />
    </Section>
  );
}
