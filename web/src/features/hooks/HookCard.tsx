import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Hook, HookDelivery } from '~/api/contract';
import { wordsFor } from '~/api/words';
import { Card, Labelled } from '~/ui/Card';
import { Chip } from '~/ui/Chip';
import { CopyLine } from '~/ui/CopyLine';
import { IconAlert, IconDone, IconPaused, IconRefused } from '~/ui/icons';
import { toast } from '~/ui/toast';
import { When } from '~/ui/When';
import { deliveriesQuery, hooksQuery, setActive } from './api';
import classes from './Hooks.module.css';

/** One hook: its address, whether it takes anything, and what became of what came last. */
export function HookCard({ hook, onDelete }: { hook: Hook; onDelete: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const turn = useMutation({
    mutationFn: () => setActive(hook, !hook.active),
    onError: (error) => toast(wordsFor(t, error), { tone: 'danger' }),
    onSettled: () => client.invalidateQueries({ queryKey: hooksQuery.queryKey, exact: true }),
  });
  return (
    <Card
      name={hook.name}
      chip={
        <Chip
          tone={hook.active ? 'success' : 'neutral'}
          icon={
            hook.active ? <IconDone size={13} strokeWidth={2} /> : <IconPaused size={13} strokeWidth={2} />
          }
        >
          {t(hook.active ? 'hooks.active' : 'hooks.resting')}
        </Chip>
      }
    >
      <Labelled label={t(`hooks.kinds.${hook.kind}`)} help={t(`hooks.urlHelp.${hook.kind}`)}>
        <CopyLine text={hook.url} label={t('hooks.copyUrl')} />
      </Labelled>
      {hook.last_refused_at ? (
        <p className={classes.quiet}>
          {t('hooks.refusedAt')} <When at={hook.last_refused_at} />
        </p>
      ) : null}
      <Deliveries hook={hook} />
      <div className={classes.actions}>
        <Button variant="default" size="compact-sm" loading={turn.isPending} onClick={() => turn.mutate()}>
          {t(hook.active ? 'hooks.pause' : 'hooks.resume')}
        </Button>
        <Button
          variant="default"
          size="compact-sm"
          aria-label={t('hooks.deleteNamed', { name: hook.name })}
          onClick={onDelete}
        >
          {t('hooks.delete')}
        </Button>
      </div>
    </Card>
  );
}

const faces = {
  recorded: { tone: 'success', Icon: IconDone },
  passed_over: { tone: 'neutral', Icon: IconAlert },
  refused: { tone: 'danger', Icon: IconRefused },
} as const;

const reasons = ['topic', 'no_phone', 'completed', 'consent'] as const;

function Deliveries({ hook }: { hook: Hook }) {
  const { t } = useTranslation();
  const { data } = useQuery(deliveriesQuery(hook.id));
  return (
    <Labelled label={t('hooks.deliveries')}>
      {data?.length === 0 ? <p className={classes.quiet}>{t('hooks.noDelivery')}</p> : null}
      <ul className={classes.rows} aria-label={t('hooks.deliveries')}>
        {data?.map((delivery) => (
          <DeliveryRow key={delivery.id} delivery={delivery} />
        ))}
      </ul>
    </Labelled>
  );
}

function DeliveryRow({ delivery }: { delivery: HookDelivery }) {
  const { t } = useTranslation();
  const { tone, Icon } = faces[delivery.outcome];
  const reason = reasons.find((each) => each === delivery.reason);
  const why =
    delivery.outcome === 'refused'
      ? t('hooks.wrongField', { field: delivery.reason })
      : reason
        ? t(`hooks.reasons.${reason}`)
        : null;
  return (
    <li className={classes.row}>
      <bdi className={classes.topic}>{delivery.topic || t('hooks.noTopic')}</bdi>
      <Chip tone={tone} icon={<Icon size={13} strokeWidth={2} />}>
        {t(`hooks.outcome.${delivery.outcome}`)}
      </Chip>
      <When at={delivery.received_at} />
      {why ? <span className={classes.why}>{why}</span> : null}
    </li>
  );
}
