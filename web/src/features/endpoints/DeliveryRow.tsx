import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Delivery, DeliveryState, Endpoint } from '~/api/contract';
import { wordsFor } from '~/api/words';
import { tookMs } from '~/lib/format';
import { Chip, type Tone } from '~/ui/Chip';
import { Code } from '~/ui/Code';
import { Dialog } from '~/ui/Dialog';
import { IconClock, IconDone, IconQueue, IconRefused } from '~/ui/icons';
import { Skeleton } from '~/ui/Skeleton';
import { ErrorState } from '~/ui/States';
import { Row, Td } from '~/ui/Table';
import { toast } from '~/ui/toast';
import { When } from '~/ui/When';
import { deliveriesKey, deliveryQuery, replayDelivery } from './api';
import classes from './Endpoints.module.css';

const faces: Record<DeliveryState, { tone: Tone; Icon: typeof IconDone }> = {
  queued: { tone: 'neutral', Icon: IconQueue },
  waiting: { tone: 'info', Icon: IconClock },
  delivered: { tone: 'success', Icon: IconDone },
  given_up: { tone: 'danger', Icon: IconRefused },
};

interface Props {
  endpoint: Endpoint;
  delivery: Delivery;
}

export function DeliveryRow({ endpoint, delivery }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [shown, setShown] = useState(false);
  const { tone, Icon } = faces[delivery.state];
  const over = delivery.state === 'delivered' || delivery.state === 'given_up';
  const replay = useMutation({
    mutationFn: () => replayDelivery(endpoint.id, delivery.id),
    onSuccess: () => toast(t('endpoints.replayed')),
    onError: (error) => toast(wordsFor(t, error), { tone: 'danger' }),
    onSettled: () => void client.invalidateQueries({ queryKey: deliveriesKey(endpoint.id) }),
  });
  return (
    <Row>
      <Td>
        <button type="button" className={classes.open} onClick={() => setShown(true)}>
          <code dir="ltr">{delivery.type}</code>
        </button>
        <BodyDialog endpoint={endpoint} delivery={delivery} opened={shown} onClose={() => setShown(false)} />
      </Td>
      <Td tight>
        <Chip tone={tone} icon={<Icon size={13} strokeWidth={2} />}>
          {t(`endpoints.delivery.${delivery.state}`)}
        </Chip>
      </Td>
      <Td wide>
        <Answer delivery={delivery} />
      </Td>
      <Td wide end>
        <When at={delivery.created_at} everyMs={5000} />
      </Td>
      <Td tight end>
        {over ? (
          <Button
            variant="default"
            size="compact-sm"
            loading={replay.isPending}
            disabled={!endpoint.enabled}
            onClick={() => replay.mutate()}
          >
            {t('endpoints.replay')}
          </Button>
        ) : null}
      </Td>
    </Row>
  );
}

/** How the last try ended, how long it took, and when the next one is. */
function Answer({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation();
  const { outcome, took_ms, tries, next_try_at } = delivery;
  if (!outcome) return <span className={classes.quiet}>{t('endpoints.untried')}</span>;
  const named = outcomes.find((each) => each === outcome);
  return (
    <span className={classes.answer}>
      <span>{named ? t(`endpoints.outcome.${named}`) : outcome}</span>
      {took_ms !== null ? <span>{tookMs(took_ms)}</span> : null}
      {tries > 1 ? <span>{t('endpoints.tries', { count: tries })}</span> : null}
      {next_try_at ? (
        <span>
          {t('endpoints.next')} <When at={next_try_at} everyMs={5000} />
        </span>
      ) : null}
    </span>
  );
}

/** Ends that are no class of a status. */
const outcomes = ['timeout', 'no_connection', 'not_public', 'other'] as const;

function BodyDialog({
  endpoint,
  delivery,
  opened,
  onClose,
}: Props & { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({
    ...deliveryQuery(endpoint.id, delivery.id),
    enabled: opened,
  });
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      width={680}
      title={delivery.type}
      lead={
        <code className={classes.address} dir="ltr">
          {delivery.id}
        </code>
      }
    >
      {error ? <ErrorState error={error} retry={refetch} /> : null}
      {data?.body ? <Code text={readable(data.body)} label={t('endpoints.body')} /> : null}
      {!data && !error ? <Skeleton width="100%" height={120} /> : null}
    </Dialog>
  );
}

/** JSON in lines; what is none stays as it is. */
function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
