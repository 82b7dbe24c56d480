import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Hook } from '~/api/contract';
import { wordsFor } from '~/api/words';
import { FormError } from '~/features/session/FormError';
import { useKept } from '~/lib/kept';
import { Dialog } from '~/ui/Dialog';
import { toast } from '~/ui/toast';
import { deleteHook, hooksQuery } from './api';

/** Asks once more before an address ends for ever: another hook has another one. */
export function DeleteHookDialog({ hook, onClose }: { hook: Hook | null; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const shown = useKept(hook);
  const end = useMutation({
    mutationFn: (each: Hook) => deleteHook(each.id),
    onSuccess: (_, each) => {
      client.setQueryData(hooksQuery.queryKey, (old) => old?.filter(({ id }) => id !== each.id));
      toast(t('hooks.deleted', { name: each.name }));
      onClose();
    },
  });
  const close = () => {
    end.reset();
    onClose();
  };
  return (
    <Dialog
      opened={hook !== null}
      onClose={close}
      title={t('hooks.deleteTitle', { name: shown?.name })}
      lead={t('hooks.deleteLead')}
      actions={
        <>
          <Button variant="default" onClick={close}>
            {t('apiKeys.keep')}
          </Button>
          <Button color="red" loading={end.isPending} onClick={() => hook && end.mutate(hook)}>
            {t('hooks.deleteNow')}
          </Button>
        </>
      }
    >
      {end.isError ? <FormError>{wordsFor(t, end.error)}</FormError> : null}
    </Dialog>
  );
}
