import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiKey } from '~/api/contract';
import { Section } from '~/features/settings/Section';
import { Dialog } from '~/ui/Dialog';
import { IconKey, IconPlus } from '~/ui/icons';
import { Part } from '~/ui/Part';
import { EmptyState, ErrorState } from '~/ui/States';
import { SkeletonRows, Table, Th } from '~/ui/Table';
import { ApiKeyRow } from './ApiKeyRow';
import { apiKeysQuery } from './api';
import { Examples } from './Examples';
import { NewKeyDialog } from './NewKeyDialog';
import { PageSnippet } from './PageSnippet';
import { RevokeDialog } from './RevokeDialog';

/** API keys: made, shown once, revoked; and a first request to try them with. */
export function ApiKeysPage() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(apiKeysQuery);
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const [shown, setShown] = useState<ApiKey | null>(null);
  const make = (
    <Button leftSection={<IconPlus size={16} strokeWidth={2} />} onClick={() => setMaking(true)}>
      {t('apiKeys.create')}
    </Button>
  );
  return (
    <Section title={t('settings.sections.apiKeys')} lead={t('apiKeys.lead')} action={make}>
      {error && !data ? <ErrorState error={error} retry={refetch} /> : null}
      {data?.length === 0 ? (
        <EmptyState icon={<IconKey size={22} strokeWidth={1.75} />} title={t('apiKeys.none')}>
          {t('apiKeys.noneText')}
        </EmptyState>
      ) : null}
      {isPending || (data && data.length > 0) ? (
        <Table
          label={t('settings.sections.apiKeys')}
          head={
            <>
              <Th>{t('apiKeys.name')}</Th>
              <Th wide>{t('apiKeys.may')}</Th>
              <Th wide>{t('apiKeys.lastUsed')}</Th>
              <Th wide>{t('apiKeys.expires')}</Th>
              <Th tight end>
                <span className="visually-hidden">{t('apiKeys.actions')}</span>
              </Th>
            </>
          }
        >
          {isPending ? <SkeletonRows columns={5} rows={3} /> : null}
          {data?.map((key) => (
            <ApiKeyRow
              key={key.id}
              apiKey={key}
              onRevoke={() => setRevoking(key)}
              onSnippet={() => setShown(key)}
            />
          ))}
        </Table>
      ) : null}
      <Part small title={t('examples.title')} lead={t('examples.lead')}>
        <Examples />
      </Part>
      <NewKeyDialog opened={making} onClose={() => setMaking(false)} />
      <Dialog opened={shown !== null} onClose={() => setShown(null)} width={560} title={shown?.name ?? ''}>
        {shown ? <PageSnippet apiKey={shown} onDone={() => setShown(null)} /> : null}
      </Dialog>
      <RevokeDialog apiKey={revoking} onClose={() => setRevoking(null)} />
    </Section>
  );
}
