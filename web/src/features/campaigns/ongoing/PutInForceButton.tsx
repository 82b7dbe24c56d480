import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { wordsFor } from '~/api/words';
import { FormError } from '~/features/session/FormError';
import { useMay } from '~/features/settings/sections';
import { Dialog } from '~/ui/Dialog';
import { IconCheck } from '~/ui/icons';
import type { Draft, Version } from '../builder/useDraft';
import classes from '../review/Review.module.css';
import { problemsIn } from '../review/reasons';

/** “Put in force”, which asks once and says whom it concerns. */
export function PutInForceButton({ draft, version }: { draft: Draft; version: Version }) {
  const { t } = useTranslation();
  const maySend = useMay('campaigns.send');
  const [asking, setAsking] = useState(false);
  const { dirty, put } = version;
  const { name } = draft.campaign;
  const close = () => setAsking(false);
  return (
    <div className={classes.send}>
      {maySend ? (
        dirty ? null : (
          <p className={classes.small}>{t('ongoing.version.nothing')}</p>
        )
      ) : (
        <p className={classes.small}>{t('problems.forbidden')}</p>
      )}
      <Button
        disabled={!dirty || !maySend}
        leftSection={<IconCheck size={16} strokeWidth={1.75} />}
        onClick={() => setAsking(true)}
      >
        {t('ongoing.version.put')}
      </Button>
      <Dialog
        opened={asking}
        onClose={close}
        title={t('ongoing.version.title', { name })}
        lead={t('ongoing.version.lead')}
        actions={
          <>
            <Button variant="default" onClick={close}>
              {t('review.notYet')}
            </Button>
            <Button
              data-autofocus
              loading={put.isPending}
              // What is refused stands in the review, each with the step that mends it.
              onClick={() =>
                put.mutate(undefined, { onError: (error) => problemsIn(error).length > 0 && close() })
              }
            >
              {t('ongoing.version.put')}
            </Button>
          </>
        }
      >
        {put.error && problemsIn(put.error).length === 0 ? (
          <FormError>{wordsFor(t, put.error)}</FormError>
        ) : null}
      </Dialog>
    </div>
  );
}
