import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '~/features/settings/sections';
import { IconCopy, IconEdit, IconPause, IconPlay, IconStop, IconTarget, IconUndo } from '~/ui/icons';
import type { Campaign } from '../contract';
import { mayChange } from '../ongoing/versions';
import { steps } from '../search';
import { useCommands } from '../useCommands';
import { RetargetDialog } from './RetargetDialog';
import { StopDialog } from './StopDialog';
import { useUndoLeft } from './useUndoLeft';

const look = { size: 16, strokeWidth: 1.75 } as const;

/** Pause, go on, stop; afterwards write again to some of them. */
export function Controls({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const mayWrite = useMay('campaigns.write');
  const maySend = useMay('campaigns.send');
  const { command, duplicate } = useCommands(campaign);
  const [stopping, setStopping] = useState(false);
  const [again, setAgain] = useState(false);
  const undo = useUndoLeft(campaign);
  const { state, held_reason: held } = campaign;
  if (undo > 0)
    return maySend ? (
      <Button
        leftSection={<IconUndo {...look} />}
        loading={command.isPending}
        onClick={() => command.mutate('undo')}
      >
        {t('actions.undo')}
      </Button>
    ) : null;
  const over = state === 'done' || state === 'stopped';
  const alive =
    state === 'scheduled' ||
    state === 'planning' ||
    state === 'running' ||
    state === 'pausing' ||
    state === 'paused';
  return (
    <>
      {mayWrite && (over || state === 'failed') ? (
        <Button
          variant="default"
          leftSection={<IconCopy {...look} />}
          loading={duplicate.isPending}
          onClick={() => duplicate.mutate()}
        >
          {t('campaigns.duplicate')}
        </Button>
      ) : null}
      {mayWrite && over && campaign.kind === 'one_time' && campaign.funnel.sent > 0 ? (
        <Button leftSection={<IconTarget {...look} />} onClick={() => setAgain(true)}>
          {t('report.retarget')}
        </Button>
      ) : null}
      {mayWrite && mayChange(campaign) ? (
        <Button
          component={Link}
          to="/campaigns/$campaignId/edit/$step"
          params={{ campaignId: campaign.id, step: steps.ongoing[0] } as never}
          variant="default"
          leftSection={<IconEdit {...look} />}
        >
          {t('ongoing.edit')}
        </Button>
      ) : null}
      {maySend && alive && !held ? (
        <Button variant="default" leftSection={<IconStop {...look} />} onClick={() => setStopping(true)}>
          {t('report.stop')}
        </Button>
      ) : null}
      {maySend && state === 'running' ? (
        <Button
          leftSection={<IconPause {...look} />}
          loading={command.isPending}
          onClick={() => command.mutate('pause')}
        >
          {t('campaigns.pause')}
        </Button>
      ) : null}
      {maySend && (state === 'paused' || state === 'pausing') && !held ? (
        <Button
          leftSection={<IconPlay {...look} />}
          loading={command.isPending}
          onClick={() => command.mutate('resume')}
        >
          {t('campaigns.resume')}
        </Button>
      ) : null}
      <StopDialog campaign={campaign} opened={stopping} onClose={() => setStopping(false)} />
      <RetargetDialog campaign={campaign} opened={again} onClose={() => setAgain(false)} />
    </>
  );
}
