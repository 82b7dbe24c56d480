import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Problem } from '~/api/problem';
import { wordsFor } from '~/api/words';
import { toast } from '~/ui/toast';
import { type Command, campaignQuery, commandCampaign, deleteCampaign, duplicateCampaign } from './api';
import type { Campaign, CampaignState } from './contract';

/** Where a command leads as soon as it is given; the server's answer has the last word. */
const leadsTo: Partial<Record<Command, CampaignState>> = {
  pause: 'pausing',
  resume: 'running',
  release: 'running',
};

/** What can be done to a campaign from its row and from its report. */
export function useCommands(campaign: Campaign) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { id, name } = campaign;
  const refresh = () => void client.invalidateQueries({ queryKey: ['campaigns'] });
  const failed = (error: unknown) => {
    const code = error instanceof Problem ? error.code : '';
    const own =
      code === 'too_late'
        ? t('campaigns.tooLate')
        : code === 'campaign_state' || code === 'conflict'
          ? t('campaigns.conflict')
          : null;
    toast(own ?? wordsFor(t, error), { tone: 'danger' });
    refresh();
  };
  const command = useMutation({
    mutationFn: (which: Command) => commandCampaign(id, which),
    onMutate: async (which) => {
      const { queryKey } = campaignQuery(id);
      await client.cancelQueries({ queryKey });
      const before = client.getQueryData(queryKey);
      const state = leadsTo[which];
      if (before && state) client.setQueryData(queryKey, { ...before, state, held_reason: null });
      return before;
    },
    onSuccess: (now) => {
      if (now?.id) client.setQueryData(campaignQuery(id).queryKey, now);
      refresh();
    },
    onError: (error, _, before) => {
      if (before) client.setQueryData(campaignQuery(id).queryKey, before);
      failed(error);
    },
  });
  const duplicate = useMutation({
    mutationFn: () => duplicateCampaign(id),
    onSuccess: (copy) => {
      refresh();
      client.setQueryData(campaignQuery(copy.id).queryKey, copy);
      toast(t('campaigns.duplicated', { name }));
      void navigate({
        to: '/campaigns/$campaignId/edit',
        params: { campaignId: copy.id },
      });
    },
    onError: failed,
  });
  const remove = useMutation({
    mutationFn: () => deleteCampaign(id),
    onSuccess: () => {
      toast(t('campaigns.deleted', { name }));
      client.removeQueries({ queryKey: campaignQuery(id).queryKey });
      refresh();
      void navigate({ to: '/campaigns' });
    },
    onError: failed,
  });
  return { command, duplicate, remove };
}
