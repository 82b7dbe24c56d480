import { useTranslation } from 'react-i18next';
import type { Message } from '~/api/contract';
import { clock, exact } from '~/lib/format';
import classes from './Stamp.module.css';
import { Ticks } from './Ticks';

/** The time, with the tick of what we sent; `over` for the one on a picture. */
export function Stamp({ message, over = false }: { message: Message; over?: boolean }) {
  const { t } = useTranslation();
  return (
    <span className={classes.stamp} data-over={over || undefined}>
      {message.edited && !message.revoked ? <span>{t('bubble.edited')}</span> : null}
      <time dateTime={message.at} title={exact(message.at)}>
        {clock(message.at)}
      </time>
      {message.direction === 'out' && message.state ? <Ticks state={message.state} /> : null}
    </span>
  );
}
