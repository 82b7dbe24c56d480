import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '~/features/settings/sections';
import { Dialog } from '~/ui/Dialog';
import { IconButton } from '~/ui/IconButton';
import { IconCopy, IconDots, IconPause, IconPlay, IconTrash } from '~/ui/icons';
import { Menu, MenuItem, MenuLine } from '~/ui/Menu';
import type { Campaign } from './contract';
import { useCommands } from './useCommands';

const look = { size: 16, strokeWidth: 1.75 } as const;

/** What can be done to one campaign of the list. */
export function RowMenu({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const mayWrite = useMay('campaigns.write');
  const maySend = useMay('campaigns.send');
  const [asking, setAsking] = useState(false);
  const { command, duplicate, remove } = useCommands(campaign);
  const { name, state } = campaign;
  if (!mayWrite && !maySend) return null;
  return (
    <>
      <Menu
        label={t('campaigns.actionsOf', { name })}
        placement={{ side: 'below', align: 'end' }}
        width={190}
        button={(button) => (
          <IconButton label={t('campaigns.actionsOf', { name })} tip={false} size={32} {...button}>
            <IconDots size={18} strokeWidth={1.75} aria-hidden="true" />
          </IconButton>
        )}
      >
        {maySend && state === 'running' ? (
          <MenuItem icon={<IconPause {...look} />} onSelect={() => command.mutate('pause')}>
            {t('campaigns.pause')}
          </MenuItem>
        ) : null}
        {maySend && state === 'paused' && !campaign.held_reason ? (
          <MenuItem icon={<IconPlay {...look} />} onSelect={() => command.mutate('resume')}>
            {t('campaigns.resume')}
          </MenuItem>
        ) : null}
        {mayWrite ? (
          <MenuItem icon={<IconCopy {...look} />} onSelect={() => duplicate.mutate()}>
            {t('campaigns.duplicate')}
          </MenuItem>
        ) : null}
        {mayWrite && state === 'draft' ? (
          <>
            <MenuLine />
            <MenuItem danger icon={<IconTrash {...look} />} onSelect={() => setAsking(true)}>
              {t('campaigns.delete')}
            </MenuItem>
          </>
        ) : null}
      </Menu>
      <Dialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('campaigns.deleteTitle', { name })}
        lead={t('campaigns.deleteLead')}
        actions={
          <>
            <Button variant="default" onClick={() => setAsking(false)}>
              {t('campaigns.keep')}
            </Button>
            <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
              {t('campaigns.deleteNow')}
            </Button>
          </>
        }
      />
    </>
  );
}
