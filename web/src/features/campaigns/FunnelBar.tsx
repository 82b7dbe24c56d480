import { useTranslation } from 'react-i18next';
import { count } from '~/lib/format';
import type { Funnel } from './contract';
import classes from './FunnelBar.module.css';

interface Props {
  funnel: Funnel;
  thick?: boolean;
}

/** How far everybody has come, in one thin bar: read, delivered, sent, failed, and who still waits. */
export function FunnelBar({ funnel, thick }: Props) {
  const { t } = useTranslation();
  const { planned, sent, delivered, read, failed } = funnel;
  const parts = [
    { name: 'read', value: read },
    { name: 'delivered', value: Math.max(0, delivered - read) },
    { name: 'sent', value: Math.max(0, sent - delivered) },
    { name: 'failed', value: failed },
  ].filter(({ value }) => value > 0);
  return (
    <span
      className={classes.bar}
      data-thick={thick || undefined}
      role="img"
      aria-label={t('campaigns.funnelSaid', {
        planned: count(planned),
        sent: count(sent),
        delivered: count(delivered),
        read: count(read),
        failed: count(failed),
      })}
    >
      {planned > 0
        ? parts.map(({ name, value }) => (
            <span
              key={name}
              className={classes.part}
              data-part={name}
              style={{ inlineSize: `${(100 * value) / planned}%` }}
            />
          ))
        : null}
    </span>
  );
}
