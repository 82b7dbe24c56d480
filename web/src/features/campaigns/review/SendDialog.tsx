import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { wordsFor } from '~/api/words';
import { FormError } from '~/features/session/FormError';
import { count } from '~/lib/format';
import { Dialog } from '~/ui/Dialog';
import { campaignQuery, sendCampaign } from '../api';
import { whenWords } from '../builder/sentences';
import type { Campaign, Review } from '../contract';
import { lasting } from '../figures';
import { amount } from '../money';

interface Props {
  campaign: Campaign;
  review: Review;
  opened: boolean;
  onClose: () => void;
}

/** Asks once, with the three things that count; what follows can be undone for a while. */
export function SendDialog({ campaign, review, opened, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { id, name, schedule, settings } = campaign;
  const { eligible, cost } = review;
  const send = useMutation({
    mutationFn: () => sendCampaign(id, eligible),
    onSuccess: async (now) => {
      if (now?.id) client.setQueryData(campaignQuery(id).queryKey, now);
      else await client.invalidateQueries({ queryKey: campaignQuery(id).queryKey });
      void client.invalidateQueries({ queryKey: ['campaigns', 'list'] });
      void navigate({ to: '/campaigns/$campaignId', params: { campaignId: id } });
    },
    onError: () => void client.invalidateQueries({ queryKey: ['campaigns', 'review', id] }),
  });
  const later = schedule !== null && schedule.when !== 'now';
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      title={t('review.sendTitle', { name })}
      actions={
        <>
          <Button variant="default" onClick={onClose}>
            {t('review.notYet')}
          </Button>
          <Button loading={send.isPending} data-autofocus onClick={() => send.mutate()}>
            {later
              ? t('review.scheduleFor', { count: eligible, shown: count(eligible) })
              : t('review.sendTo', { count: eligible, shown: count(eligible) })}
          </Button>
        </>
      }
    >
      {send.isError ? (
        <FormError>{wordsFor(t, send.error, { invalid: t('review.notReady') })}</FormError>
      ) : null}
      <p>
        {whenWords(t, schedule)}{' '}
        {cost ? t('review.most', { amount: amount(cost.max_micros, cost.currency) }) : ''}{' '}
        {settings.undo_seconds > 0
          ? t('review.undoFor', { time: lasting(settings.undo_seconds) })
          : t('builder.says.noUndo')}
      </p>
    </Dialog>
  );
}
