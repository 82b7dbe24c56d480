import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Endpoint } from '~/api/contract';
import { Section } from '~/features/settings/Section';
import { count } from '~/lib/format';
import { IconPlus, IconWebhook } from '~/ui/icons';
import { EmptyState, ErrorState } from '~/ui/States';
import { Lines, Row, rowDoor, SkeletonRows, Table, Td, Th } from '~/ui/Table';
import { When } from '~/ui/When';
import { endpointsQuery } from './api';
import { EndpointDialog } from './EndpointDialog';
import classes from './Endpoints.module.css';
import { HealthChip } from './HealthChip';

/** Addresses of other programs that are told what happens here. */
export function EndpointsPage() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(endpointsQuery);
  const [making, setMaking] = useState(false);
  const add = (
    <Button leftSection={<IconPlus size={16} strokeWidth={2} />} onClick={() => setMaking(true)}>
      {t('endpoints.add')}
    </Button>
  );
  return (
    <Section title={t('settings.sections.endpoints')} lead={t('endpoints.lead')} action={add}>
      {error && !data ? <ErrorState error={error} retry={refetch} /> : null}
      {data?.length === 0 ? (
        <EmptyState icon={<IconWebhook size={22} strokeWidth={1.75} />} title={t('endpoints.none')}>
          {t('endpoints.noneText')}
        </EmptyState>
      ) : null}
      {isPending || (data && data.length > 0) ? (
        <Table
          label={t('settings.sections.endpoints')}
          head={
            <>
              <Th>{t('endpoints.name')}</Th>
              <Th tight>{t('endpoints.state')}</Th>
              <Th wide>{t('endpoints.events')}</Th>
              <Th wide end>
                {t('endpoints.lastSuccess')}
              </Th>
            </>
          }
        >
          {isPending ? <SkeletonRows columns={4} rows={3} /> : null}
          {data?.map((endpoint) => (
            <EndpointRow key={endpoint.id} endpoint={endpoint} />
          ))}
        </Table>
      ) : null}
      <EndpointDialog opened={making} onClose={() => setMaking(false)} />
    </Section>
  );
}

function EndpointRow({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation();
  const { events } = endpoint;
  return (
    <Row>
      <Td>
        <Lines
          first={
            <Link
              to="/settings/endpoints/$endpointId"
              params={{ endpointId: endpoint.id }}
              search={{}}
              className={rowDoor}
            >
              <bdi>{endpoint.name}</bdi>
            </Link>
          }
          second={
            <code className={classes.address} dir="ltr">
              {endpoint.url}
            </code>
          }
        />
      </Td>
      <Td tight>
        <HealthChip endpoint={endpoint} />
      </Td>
      <Td wide>
        {events.length === 0
          ? t('endpoints.everything')
          : t('endpoints.eventCount', { count: events.length, shown: count(events.length) })}
      </Td>
      <Td wide end>
        {endpoint.last_success_at ? <When at={endpoint.last_success_at} /> : t('endpoints.never')}
      </Td>
    </Row>
  );
}
