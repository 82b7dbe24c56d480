import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useMay } from '~/features/settings/sections';
import { useNow } from '~/lib/now';
import { IconClock } from '~/ui/icons';
import type { Campaign } from '../contract';
import { useCommands } from '../useCommands';
import classes from './Report.module.css';

/** The seconds in which a sending can be taken back, and the button that does it. */
export function Countdown({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const maySend = useMay('campaigns.send');
  const now = useNow(250);
  const { command } = useCommands(campaign);
  const { state, undo_until: until } = campaign;
  const left = until ? Math.ceil((Date.parse(until) - now) / 1000) : 0;
  const early = state === 'scheduled' || state === 'planning' || state === 'running';
  if (!early || (left <= 0 && state !== 'scheduled')) return null;
  return (
    <div className={classes.note} data-tone="info" role="status">
      <div className={classes.noteWords}>
        <IconClock size={18} strokeWidth={1.75} aria-hidden="true" />
        <div>
          <p className={classes.noteTitle}>
            {left > 0 ? t('report.undo.title', { count: left }) : t('report.undo.waits')}
          </p>
          <p className={classes.noteText}>{left > 0 ? t('report.undo.text') : t('report.undo.waitsText')}</p>
        </div>
      </div>
      {maySend ? (
        <Button variant="default" loading={command.isPending} onClick={() => command.mutate('undo')}>
          {left > 0 ? t('actions.undo') : t('report.undo.back')}
        </Button>
      ) : null}
    </div>
  );
}
