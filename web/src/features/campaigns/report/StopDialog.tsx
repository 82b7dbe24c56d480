import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { count } from '~/lib/format';
import { Dialog } from '~/ui/Dialog';
import type { Campaign } from '../contract';
import { useCommands } from '../useCommands';

interface Props {
  campaign: Campaign;
  opened: boolean;
  onClose: () => void;
}

/** Asks before the rest is given up for good, and says how many are out already. */
export function StopDialog({ campaign, opened, onClose }: Props) {
  const { t } = useTranslation();
  const { command } = useCommands(campaign);
  const { funnel, kind, name, out } = campaign;
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      title={t('report.stopTitle', { name })}
      lead={
        kind === 'ongoing'
          ? t('ongoing.stopLead')
          : t('report.stopLead', { out: count(out), rest: count(funnel.waiting) })
      }
      actions={
        <>
          <Button variant="default" onClick={onClose}>
            {t('report.stopNot')}
          </Button>
          <Button
            color="red"
            loading={command.isPending}
            onClick={() => command.mutate('stop', { onSettled: onClose })}
          >
            {t('report.stopNow')}
          </Button>
        </>
      }
    />
  );
}
