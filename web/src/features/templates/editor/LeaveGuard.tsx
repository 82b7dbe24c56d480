import { Button } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '~/ui/Dialog';

/** Asks before what was written and not saved is lost; the browser asks where the page itself goes. */
export function LeaveGuard({ dirty, leaving }: { dirty: boolean; leaving: RefObject<boolean> }) {
  const { t } = useTranslation();
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: () => dirty && !leaving.current,
    enableBeforeUnload: () => dirty && !leaving.current,
    withResolver: true,
  });
  return (
    <Dialog
      opened={status === 'blocked'}
      onClose={() => reset?.()}
      title={t('editor.leaveTitle')}
      lead={t('editor.leaveLead')}
      actions={
        <>
          <Button variant="default" data-autofocus onClick={() => reset?.()}>
            {t('editor.stay')}
          </Button>
          <Button color="red" onClick={() => proceed?.()}>
            {t('editor.leave')}
          </Button>
        </>
      }
    />
  );
}
