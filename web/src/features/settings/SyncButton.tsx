import { Button } from '@mantine/core';
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { wordsFor } from '~/api/words';
import { IconRefresh } from '~/ui/icons';
import { toast } from '~/ui/toast';

interface Props {
  /** Begins it; the server goes on by itself and tells what changed over the live socket. */
  sync: () => Promise<unknown>;
  begun: string;
  /** What is read again once it has begun. */
  refresh: QueryKey;
}

/** “Synchronise”: read again from Meta. */
export function SyncButton({ sync, begun, refresh }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const run = useMutation({
    mutationFn: sync,
    onSuccess: () => {
      toast(begun);
      void client.invalidateQueries({ queryKey: refresh });
    },
    onError: (error) => toast(wordsFor(t, error), { tone: 'danger' }),
  });
  return (
    <Button
      variant="default"
      leftSection={<IconRefresh size={16} strokeWidth={1.75} />}
      loading={run.isPending}
      onClick={() => run.mutate()}
    >
      {t('settings.sync')}
    </Button>
  );
}
