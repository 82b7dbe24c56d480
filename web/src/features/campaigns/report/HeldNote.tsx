import { Button } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '~/features/settings/sections';
import { useNow } from '~/lib/now';
import { IconAlert, IconPending, IconRefused } from '~/ui/icons';
import type { Campaign } from '../contract';
import { lasting } from '../figures';
import { useCommands } from '../useCommands';
import classes from './Report.module.css';
import { StopDialog } from './StopDialog';

const reasons = [
  'stale_schedule',
  'canary_failed',
  'failure_rate',
  'opt_out_rate',
  'template_missing',
  'template_unavailable',
  'template_recategorised',
  'quality_red',
  'number_unavailable',
  'token_invalid',
  'payment',
  'policy',
  'media_failed',
  'unrenderable',
  'audience_unreadable',
  'nobody_left',
  'missing_variables',
] as const;

/** What a new version of an on-going campaign mends; of one that goes out once only a copy does. */
const mended = ['template_missing', 'media_failed'] as const;

/** Why it holds and what to do, in words. */
function heldWords(t: TFunction<'texts'>, { kind }: Campaign, reason: string): string {
  const mend = kind === 'ongoing' ? mended.find((each) => each === reason) : undefined;
  return mend ? t(`ongoing.held.${mend}`) : t(`report.heldReasons.${reasonOf(reason)}`);
}

const reasonOf = (reason: string) => reasons.find((each) => each === reason) ?? 'other';

/** Why it waits for a person, or why it could not begin; and the two ways on. */
export function HeldNote({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const maySend = useMay('campaigns.send');
  const { command } = useCommands(campaign);
  const [stopping, setStopping] = useState(false);
  const { state, held_reason: held, failure } = campaign;
  if (state === 'failed')
    return (
      <div className={classes.note} data-tone="danger" role="alert">
        <div className={classes.noteWords}>
          <IconRefused size={18} strokeWidth={1.75} aria-hidden="true" />
          <div>
            <p className={classes.noteTitle}>{t('report.failedTitle')}</p>
            <p className={classes.noteText}>{heldWords(t, campaign, failure ?? held ?? '')}</p>
          </div>
        </div>
      </div>
    );
  if (campaign.canary === 'waiting' && !held) return <CanaryNote campaign={campaign} />;
  if (!held || (state !== 'paused' && state !== 'pausing')) return null;
  return (
    <div className={classes.note} data-tone="accent" role="alert">
      <div className={classes.noteWords}>
        <IconAlert size={18} strokeWidth={1.75} aria-hidden="true" />
        <div>
          <p className={classes.noteTitle}>{t('report.heldTitle')}</p>
          <p className={classes.noteText}>{heldWords(t, campaign, held)}</p>
        </div>
      </div>
      {maySend ? (
        <div className={classes.noteActions}>
          <Button variant="default" onClick={() => setStopping(true)}>
            {t('report.stop')}
          </Button>
          <Button loading={command.isPending} onClick={() => command.mutate('release')}>
            {t('report.goOn')}
          </Button>
        </div>
      ) : null}
      <StopDialog campaign={campaign} opened={stopping} onClose={() => setStopping(false)} />
    </div>
  );
}

function CanaryNote({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const maySend = useMay('campaigns.send');
  const { command } = useCommands(campaign);
  const now = useNow(1000);
  const left = campaign.canary_until ? Math.max(0, Date.parse(campaign.canary_until) - now) / 1000 : 0;
  return (
    <div className={classes.note} data-tone="info" role="status">
      <div className={classes.noteWords}>
        <IconPending size={18} strokeWidth={1.75} aria-hidden="true" />
        <div>
          <p className={classes.noteTitle}>{t('report.canaryTitle')}</p>
          <p className={classes.noteText}>{t('report.canaryText', { time: lasting(left) })}</p>
        </div>
      </div>
      {maySend ? (
        <Button variant="default" loading={command.isPending} onClick={() => command.mutate('release')}>
          {t('report.goOnNow')}
        </Button>
      ) : null}
    </div>
  );
}
