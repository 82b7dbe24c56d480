import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { PhoneNumber } from '~/api/contract';
import { count } from '~/lib/format';
import { Chip, type Tone } from '~/ui/Chip';
import { CopyButton } from '~/ui/CopyButton';
import { Fact } from '~/ui/Fact';
import { IconAlert, IconClock, IconDone, IconPhone, IconRefused } from '~/ui/icons';
import { QualityChip } from '~/ui/QualityChip';
import { Skeleton } from '~/ui/Skeleton';
import { When } from '~/ui/When';
import classes from './NumbersPage.module.css';

const statuses: Record<string, Tone> = {
  connected: 'success',
  pending: 'info',
  unverified: 'info',
  flagged: 'warning',
  restricted: 'warning',
  rate_limited: 'warning',
  offline: 'danger',
  disconnected: 'danger',
  banned: 'danger',
  deleted: 'danger',
  migrated: 'neutral',
  unknown: 'neutral',
};

const faces = {
  success: IconDone,
  info: IconClock,
  warning: IconAlert,
  danger: IconRefused,
  neutral: IconClock,
  accent: IconClock,
};

const known = [
  'connected',
  'pending',
  'unverified',
  'flagged',
  'restricted',
  'rate_limited',
  'offline',
  'disconnected',
  'banned',
  'deleted',
  'migrated',
] as const;

/** Meta's status in words; one that is new to us is said as “not known”. */
function statusWords(t: TFunction<'texts'>, status: string): string {
  return t(`numbers.status.${known.find((each) => each === status) ?? 'unknown'}`);
}

export function NumberCard({ number }: { number: PhoneNumber }) {
  const { t } = useTranslation();
  const tone = statuses[number.status] ?? 'neutral';
  const Face = faces[tone];
  return (
    <li className={classes.card}>
      <div className={classes.top}>
        <div className={classes.who}>
          <span className={classes.sign} aria-hidden="true">
            <IconPhone size={18} strokeWidth={1.75} />
          </span>
          <div>
            <h2 className={classes.name}>{number.verified_name}</h2>
            <p className={classes.phone}>
              <bdi>{number.display_phone_number}</bdi>
            </p>
          </div>
        </div>
        <div className={classes.chips}>
          <Chip tone={tone} icon={<Face size={13} strokeWidth={2} />}>
            {statusWords(t, number.status)}
          </Chip>
          <QualityChip quality={number.quality} />
          {number.enabled ? null : <Chip tone="neutral">{t('numbers.disabled')}</Chip>}
        </div>
      </div>
      <dl className={classes.facts}>
        <Fact name={t('numbers.throughput')}>
          {t('numbers.perSecond', { count: number.throughput_per_second })}
        </Fact>
        <Fact name={t('numbers.limit')} help={t('numbers.limitHelp')}>
          {number.messaging_limit === null
            ? t('numbers.limitUnknown')
            : t('numbers.limitPeople', {
                count: number.messaging_limit,
                shown: count(number.messaging_limit),
              })}
        </Fact>
        <Fact name={t('numbers.lastWebhook')}>
          {number.last_webhook_at ? <When at={number.last_webhook_at} /> : t('numbers.never')}
        </Fact>
        <Fact name={t('numbers.waba')}>{number.waba.name}</Fact>
        <Fact name={t('numbers.wabaId')} mono>
          {number.waba.waba_id}
          <CopyButton text={number.waba.waba_id} label={t('numbers.copyWabaId')} />
        </Fact>
        <Fact name={t('numbers.phoneNumberId')} mono>
          {number.phone_number_id}
          <CopyButton text={number.phone_number_id} label={t('numbers.copyPhoneNumberId')} />
        </Fact>
      </dl>
    </li>
  );
}

export function NumberSkeleton() {
  return (
    <li className={classes.card} aria-hidden="true">
      <div className={classes.top}>
        <div className={classes.who}>
          <Skeleton width={40} height={40} />
          <div>
            <Skeleton width={160} height={14} />
          </div>
        </div>
      </div>
      <div className={classes.facts}>
        {[80, 120, 96, 140, 110, 128].map((width) => (
          <Skeleton key={width} width={width} height={32} />
        ))}
      </div>
    </li>
  );
}
