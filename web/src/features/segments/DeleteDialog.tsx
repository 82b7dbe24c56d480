import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { wordsFor } from '~/api/words';
import { FormError } from '~/features/session/FormError';
import { useKept } from '~/lib/kept';
import { Dialog } from '~/ui/Dialog';
import type { Segment } from './api';
import { usedBy, useSegmentEdits } from './useSegmentEdits';

interface Props {
  /** Null: closed. */
  segment: Segment | null;
  onClose: () => void;
  onDeleted: () => void;
}

/** Asks before a segment goes; one that a campaign needs stays, and the campaign is named. */
export function DeleteDialog({ segment, onClose, onDeleted }: Props) {
  const { t } = useTranslation();
  const { remove } = useSegmentEdits();
  const shown = useKept(segment);
  const user = remove.isError ? usedBy(remove.error) : null;
  const words = !remove.isError
    ? null
    : user
      ? t('segments.usedBy', { campaign: user })
      : user === ''
        ? t('segments.used')
        : wordsFor(t, remove.error);
  const close = () => {
    remove.reset();
    onClose();
  };
  return (
    <Dialog
      opened={segment !== null}
      onClose={close}
      title={t('segments.deleteTitle', { name: shown?.name ?? '' })}
      lead={t('segments.deleteLead')}
      actions={
        <>
          <Button variant="default" data-autofocus onClick={close}>
            {t('segments.keep')}
          </Button>
          <Button
            color="red"
            loading={remove.isPending}
            onClick={() =>
              segment &&
              remove.mutate(segment, {
                onSuccess: () => {
                  onClose();
                  onDeleted();
                },
              })
            }
          >
            {t('segments.delete')}
          </Button>
        </>
      }
    >
      {words ? <FormError>{words}</FormError> : null}
    </Dialog>
  );
}
