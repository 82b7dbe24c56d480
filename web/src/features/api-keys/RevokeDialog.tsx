import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ApiKey } from '~/api/contract';
import { wordsFor } from '~/api/words';
import { FormError } from '~/features/session/FormError';
import { useKept } from '~/lib/kept';
import { Dialog } from '~/ui/Dialog';
import { toast } from '~/ui/toast';
import { apiKeysQuery, revokeApiKey } from './api';

/** Asks once more before a key ends for ever: a stolen key must stop at once, so there is no way back. */
export function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKey | null; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const shown = useKept(apiKey);
  const revoke = useMutation({
    mutationFn: (key: ApiKey) => revokeApiKey(key.id),
    onSuccess: (_, key) => {
      client.setQueryData(apiKeysQuery.queryKey, (old) => old?.filter((each) => each.id !== key.id));
      toast(t('apiKeys.revoked', { name: key.name }));
      onClose();
    },
  });
  const close = () => {
    revoke.reset();
    onClose();
  };
  return (
    <Dialog
      opened={apiKey !== null}
      onClose={close}
      title={t('apiKeys.revokeTitle', { name: shown?.name })}
      lead={t('apiKeys.revokeLead')}
      actions={
        <>
          <Button variant="default" onClick={close}>
            {t('apiKeys.keep')}
          </Button>
          <Button color="red" loading={revoke.isPending} onClick={() => apiKey && revoke.mutate(apiKey)}>
            {t('apiKeys.revokeNow')}
          </Button>
        </>
      }
    >
      {revoke.isError ? <FormError>{wordsFor(t, revoke.error)}</FormError> : null}
    </Dialog>
  );
}
