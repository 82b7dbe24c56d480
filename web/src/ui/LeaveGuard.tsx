import { Button } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '~/ui/Dialog';

interface Props {
  dirty: boolean;
  leaving: RefObject<boolean>;
  /** Whether what was written is still there at an address, such as the next step of the same form. */
  within?: (pathname: string) => boolean;
}

/** Asks before what was written and not saved is lost; the browser asks where the page itself goes. */
export function LeaveGuard({ dirty, leaving, within }: Props) {
  const { t } = useTranslation();
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ next }) => dirty && !leaving.current && !within?.(next.pathname),
    enableBeforeUnload: () => dirty && !leaving.current,
    withResolver: true,
  });
  return (
    <Dialog
      opened={status === 'blocked'}
      onClose={() => reset?.()}
      title={t('leave.title')}
      lead={t('leave.lead')}
      actions={
        <>
          <Button variant="default" data-autofocus onClick={() => reset?.()}>
            {t('leave.stay')}
          </Button>
          <Button color="red" onClick={() => proceed?.()}>
            {t('leave.leave')}
          </Button>
        </>
      }
    />
  );
}
