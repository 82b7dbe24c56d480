import { useTranslation } from 'react-i18next';
import type { MessageState } from '~/api/contract';
import { IconAlert, IconCheck, IconChecks, IconClock } from '~/ui/icons';
import classes from './Ticks.module.css';

const faces = {
  planned: 'waiting',
  queued: 'waiting',
  attempting: 'waiting',
  unknown: 'waiting',
  unconfirmed: 'doubt',
  accepted: 'one',
  sent: 'one',
  failed: 'failed',
  delivered: 'two',
  read: 'read',
  played: 'read',
  skipped: 'failed',
} as const satisfies Record<MessageState, string>;

/** How far a message has come, as people know it: clock, one tick, two, two in blue. */
export function Ticks({ state, size = 16 }: { state: MessageState; size?: number }) {
  const { t } = useTranslation();
  const face = faces[state];
  const Icon =
    face === 'waiting'
      ? IconClock
      : face === 'failed' || face === 'doubt'
        ? IconAlert
        : face === 'one'
          ? IconCheck
          : IconChecks;
  return (
    <span
      className={classes.ticks}
      data-face={face}
      data-state={state}
      role="img"
      aria-label={t(`ticks.${state}`)}
      title={t(`ticks.${state}`)}
    >
      <Icon
        size={face === 'waiting' || face === 'failed' || face === 'doubt' ? size - 3 : size}
        strokeWidth={2}
        aria-hidden="true"
      />
    </span>
  );
}
