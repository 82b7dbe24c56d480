import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '~/features/settings/sections';
import { IconPlay } from '~/ui/icons';
import type { Draft } from '../builder/useDraft';
import classes from '../review/Review.module.css';
import { StartDialog } from './StartDialog';
import { useStartProblems } from './useStartProblems';

/** “Start”, or why that is not possible yet. */
export function StartButton({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  const maySend = useMay('campaigns.send');
  const [asking, setAsking] = useState(false);
  const { problems, ready } = useStartProblems(draft);
  return (
    <div className={classes.send}>
      {maySend ? (
        problems.length > 0 ? (
          <p className={classes.small}>{t('review.firstMend')}</p>
        ) : null
      ) : (
        <p className={classes.small}>{t('problems.forbidden')}</p>
      )}
      <Button
        disabled={!ready || !maySend || draft.saving !== 'saved'}
        leftSection={<IconPlay size={16} strokeWidth={1.75} />}
        onClick={() => setAsking(true)}
      >
        {t('ongoing.start.button')}
      </Button>
      <StartDialog campaign={draft.campaign} opened={asking} onClose={() => setAsking(false)} />
    </div>
  );
}
