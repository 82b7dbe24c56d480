import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Endpoint, NewEndpoint } from '~/api/contract';
import { wordsFor } from '~/api/words';
import { FormError } from '~/features/session/FormError';
import { Dialog } from '~/ui/Dialog';
import { IconButton } from '~/ui/IconButton';
import { IconDots, IconEdit, IconKey, IconPause, IconPlay, IconTrash } from '~/ui/icons';
import { Menu, MenuItem, MenuLine } from '~/ui/Menu';
import { toast } from '~/ui/toast';
import { editEndpoint, endpointsQuery, removeEndpoint, rotateSecret } from './api';
import { EndpointDialog } from './EndpointDialog';
import { EndpointSecret } from './EndpointSecret';

type Opened = 'edit' | 'rotate' | 'remove' | null;

/** What can be done with an endpoint beside testing it. */
export function EndpointMenu({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [opened, setOpened] = useState<Opened>(null);
  const close = () => setOpened(null);
  const again = () => void client.invalidateQueries({ queryKey: endpointsQuery.queryKey });
  const turn = useMutation({
    mutationFn: () => editEndpoint(endpoint.id, { enabled: !endpoint.enabled }),
    onSuccess: ({ enabled }) => toast(t(enabled ? 'endpoints.isOn' : 'endpoints.isOff')),
    onError: (error) => toast(wordsFor(t, error), { tone: 'danger' }),
    onSettled: again,
  });
  return (
    <>
      <Menu
        label={t('endpoints.more')}
        placement={{ side: 'below', align: 'end' }}
        button={(button) => (
          <IconButton label={t('endpoints.more')} {...button}>
            <IconDots size={18} strokeWidth={1.75} aria-hidden="true" />
          </IconButton>
        )}
      >
        <MenuItem icon={<IconEdit size={16} strokeWidth={1.75} />} onSelect={() => setOpened('edit')}>
          {t('endpoints.edit')}
        </MenuItem>
        <MenuItem icon={<IconKey size={16} strokeWidth={1.75} />} onSelect={() => setOpened('rotate')}>
          {t('endpoints.rotate')}
        </MenuItem>
        <MenuItem
          icon={
            endpoint.enabled ? (
              <IconPause size={16} strokeWidth={1.75} />
            ) : (
              <IconPlay size={16} strokeWidth={1.75} />
            )
          }
          onSelect={() => turn.mutate()}
        >
          {t(endpoint.enabled ? 'endpoints.turnOff' : 'endpoints.turnOn')}
        </MenuItem>
        <MenuLine />
        <MenuItem
          danger
          icon={<IconTrash size={16} strokeWidth={1.75} />}
          onSelect={() => setOpened('remove')}
        >
          {t('endpoints.remove')}
        </MenuItem>
      </Menu>
      <EndpointDialog opened={opened === 'edit'} onClose={close} endpoint={endpoint} />
      <RotateDialog endpoint={endpoint} opened={opened === 'rotate'} onClose={close} />
      <RemoveDialog endpoint={endpoint} opened={opened === 'remove'} onClose={close} />
    </>
  );
}

interface Props {
  endpoint: Endpoint;
  opened: boolean;
  onClose: () => void;
}

/** Asks once, then shows the new secret once. */
function RotateDialog({ endpoint, opened, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [made, setMade] = useState<NewEndpoint | null>(null);
  const rotate = useMutation({
    mutationFn: () => rotateSecret(endpoint.id),
    onSuccess: (fresh) => {
      setMade(fresh);
      void client.invalidateQueries({ queryKey: endpointsQuery.queryKey });
    },
  });
  const close = () => {
    onClose();
    setMade(null);
    rotate.reset();
  };
  return (
    <Dialog
      opened={opened}
      onClose={close}
      held={made !== null}
      title={t(made ? 'endpoints.rotated' : 'endpoints.rotateTitle')}
      lead={made ? undefined : t('endpoints.rotateLead')}
      actions={
        made ? undefined : (
          <>
            <Button variant="default" data-autofocus onClick={close}>
              {t('actions.cancel')}
            </Button>
            <Button loading={rotate.isPending} onClick={() => rotate.mutate()}>
              {t('endpoints.rotateNow')}
            </Button>
          </>
        )
      }
    >
      {rotate.isError ? <FormError>{wordsFor(t, rotate.error)}</FormError> : null}
      {made ? <EndpointSecret made={made} onDone={close} /> : null}
    </Dialog>
  );
}

/** Asks once, by name, before an endpoint is told nothing any more. */
function RemoveDialog({ endpoint, opened, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const run = useMutation({
    mutationFn: () => removeEndpoint(endpoint.id),
    onSuccess: async () => {
      await navigate({ to: '/settings/endpoints' });
      void client.invalidateQueries({ queryKey: endpointsQuery.queryKey });
      toast(t('endpoints.removed', { name: endpoint.name }));
    },
  });
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      title={t('endpoints.removeTitle', { name: endpoint.name })}
      lead={t('endpoints.removeLead')}
      actions={
        <>
          <Button variant="default" data-autofocus onClick={onClose}>
            {t('endpoints.keep')}
          </Button>
          <Button color="red" loading={run.isPending} onClick={() => run.mutate()}>
            {t('endpoints.removeNow')}
          </Button>
        </>
      }
    >
      {run.isError ? <FormError>{wordsFor(t, run.error)}</FormError> : null}
    </Dialog>
  );
}
