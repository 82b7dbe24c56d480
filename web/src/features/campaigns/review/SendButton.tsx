import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '~/features/settings/sections';
import { count } from '~/lib/format';
import { IconCalendar, IconSend } from '~/ui/icons';
import type { Draft } from '../builder/useDraft';
import classes from './Review.module.css';
import { SendDialog } from './SendDialog';
import { useReview } from './useReview';

const look = { size: 16, strokeWidth: 1.75 } as const;

/** “Send to 1,204 people”, or why that is not possible yet. */
export function SendButton({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  const maySend = useMay('campaigns.send');
  const [asking, setAsking] = useState(false);
  const { data: review, isPlaceholderData: older } = useReview(draft);
  if (!review) return null;
  const { campaign, saving } = draft;
  const stuck = review.problems.length > 0 || review.eligible === 0;
  const later = campaign.schedule !== null && campaign.schedule.when !== 'now';
  const shown = count(review.eligible);
  return (
    <div className={classes.send}>
      {maySend ? (
        stuck ? (
          <p className={classes.small}>{t('review.firstMend')}</p>
        ) : null
      ) : (
        <p className={classes.small}>{t('problems.forbidden')}</p>
      )}
      <Button
        disabled={stuck || older || !maySend || saving !== 'saved'}
        leftSection={later ? <IconCalendar {...look} /> : <IconSend {...look} />}
        onClick={() => setAsking(true)}
      >
        {review.eligible === 0
          ? t('review.sendNobody')
          : later
            ? t('review.scheduleFor', { count: review.eligible, shown })
            : t('review.sendTo', { count: review.eligible, shown })}
      </Button>
      <SendDialog campaign={campaign} review={review} opened={asking} onClose={() => setAsking(false)} />
    </div>
  );
}
