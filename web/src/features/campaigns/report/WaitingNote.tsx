import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useMay } from '~/features/settings/sections';
import { IconClock } from '~/ui/icons';
import type { Campaign } from '../contract';
import { useCommands } from '../useCommands';
import classes from './Report.module.css';

/** What is scheduled waits for its time, and until then it can be a draft again. */
export function WaitingNote({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const maySend = useMay('campaigns.send');
  const { command } = useCommands(campaign);
  if (campaign.state !== 'scheduled' || campaign.schedule?.when === 'now') return null;
  return (
    <div className={classes.note} data-tone="info" role="status">
      <div className={classes.noteWords}>
        <IconClock size={18} strokeWidth={1.75} aria-hidden="true" />
        <div>
          <p className={classes.noteTitle}>{t('report.undo.waits')}</p>
          <p className={classes.noteText}>{t('report.undo.waitsText')}</p>
        </div>
      </div>
      {maySend ? (
        <Button variant="default" loading={command.isPending} onClick={() => command.mutate('undo')}>
          {t('report.undo.back')}
        </Button>
      ) : null}
    </div>
  );
}
