import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Endpoint } from '~/api/contract';
import { wordsFor } from '~/api/words';
import { Section } from '~/features/settings/Section';
import { IconBack, IconSend, IconWebhook } from '~/ui/icons';
import { backLink } from '~/ui/PageHead';
import { Part } from '~/ui/Part';
import { Segments } from '~/ui/Segments';
import { EmptyState, ErrorState } from '~/ui/States';
import { SkeletonRows, Table, Th } from '~/ui/Table';
import { toast } from '~/ui/toast';
import { deliveriesKey, deliveriesQuery, endpointsQuery, testEndpoint } from './api';
import { DeliveryRow } from './DeliveryRow';
import { EndpointMenu } from './EndpointMenu';
import classes from './Endpoints.module.css';
import { healthOf } from './events';
import { HealthChip } from './HealthChip';
import { deliveryStates } from './search';

/** One endpoint: how it is, and what it was told and is still to be told. */
export function EndpointPage() {
  const { t } = useTranslation();
  const { endpointId } = useParams({ from: '/signed-in/settings/endpoints/$endpointId' });
  const { data, error, refetch } = useQuery(endpointsQuery);
  const endpoint = data?.find(({ id }) => id === endpointId);
  const back = (
    <Link to="/settings/endpoints" className={backLink}>
      <IconBack size={16} strokeWidth={1.75} aria-hidden="true" />
      {t('settings.sections.endpoints')}
    </Link>
  );
  return (
    <Section
      title={endpoint?.name ?? t('settings.sections.endpoints')}
      back={back}
      lead={
        endpoint ? (
          <code className={classes.address} dir="ltr">
            {endpoint.url}
          </code>
        ) : undefined
      }
      action={endpoint ? <Actions endpoint={endpoint} /> : undefined}
    >
      {error && !data ? <ErrorState error={error} retry={refetch} /> : null}
      {data && !endpoint ? (
        <EmptyState icon={<IconWebhook size={22} strokeWidth={1.75} />} title={t('endpoints.away')}>
          {t('endpoints.awayText')}
        </EmptyState>
      ) : null}
      {endpoint ? (
        <>
          <p className={classes.standing}>
            <HealthChip endpoint={endpoint} />
            <span>{t(`endpoints.healthText.${healthOf(endpoint)}`)}</span>
          </p>
          <Deliveries endpoint={endpoint} />
        </>
      ) : null}
    </Section>
  );
}

function Actions({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const run = useMutation({
    mutationFn: () => testEndpoint(endpoint.id),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: deliveriesKey(endpoint.id) });
      toast(t('endpoints.tested'));
    },
    onError: (error) => toast(wordsFor(t, error), { tone: 'danger' }),
  });
  return (
    <span className={classes.actions}>
      <Button
        variant="default"
        leftSection={<IconSend size={16} strokeWidth={1.75} />}
        disabled={!endpoint.enabled}
        loading={run.isPending}
        onClick={() => run.mutate()}
      >
        {t('endpoints.test')}
      </Button>
      <EndpointMenu endpoint={endpoint} />
    </span>
  );
}

function Deliveries({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { state } = useSearch({ from: '/signed-in/settings/endpoints/$endpointId' });
  const { data, error, isPending, refetch } = useQuery(deliveriesQuery(endpoint.id, state ?? null));
  const choices = ['all', ...deliveryStates] as const;
  return (
    <Part small title={t('endpoints.deliveries')} lead={t('endpoints.deliveriesLead')}>
      <Segments
        name="state"
        label={t('endpoints.which')}
        value={state ?? 'all'}
        onChange={(value) => {
          const chosen = deliveryStates.find((each) => each === value);
          void navigate({
            to: '/settings/endpoints/$endpointId',
            params: { endpointId: endpoint.id },
            search: chosen ? { state: chosen } : {},
            replace: true,
          });
        }}
        choices={choices.map((each) => ({ value: each, text: t(`endpoints.delivery.${each}`) }))}
      />
      {error && !data ? <ErrorState error={error} retry={refetch} /> : null}
      {data?.data.length === 0 ? (
        <EmptyState icon={<IconWebhook size={22} strokeWidth={1.75} />} title={t('endpoints.noDelivery')}>
          {t('endpoints.noDeliveryText')}
        </EmptyState>
      ) : null}
      {isPending || data?.data.length ? (
        <Table
          label={t('endpoints.deliveries')}
          head={
            <>
              <Th>{t('endpoints.what')}</Th>
              <Th tight>{t('endpoints.state')}</Th>
              <Th wide>{t('endpoints.answer')}</Th>
              <Th wide end>
                {t('endpoints.at')}
              </Th>
              <Th tight end>
                <span className="visually-hidden">{t('endpoints.actions')}</span>
              </Th>
            </>
          }
        >
          {isPending ? <SkeletonRows columns={5} rows={4} /> : null}
          {data?.data.map((delivery) => (
            <DeliveryRow key={delivery.id} endpoint={endpoint} delivery={delivery} />
          ))}
        </Table>
      ) : null}
    </Part>
  );
}
