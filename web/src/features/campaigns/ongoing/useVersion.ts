import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from '~/ui/toast';
import { campaignQuery } from '../api';
import type { Draft } from '../builder/useDraft';
import type { Campaign, CampaignEdit } from '../contract';
import { changeCampaign } from './api';
import { differing } from './versions';

/** The next version of a campaign that was started, kept here until it is put in force. */
export function useVersion(saved: Campaign) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [edits, setEdits] = useState<CampaignEdit>({});
  const leaving = useRef(false);
  const changes = differing(saved, edits);
  const put = useMutation({
    mutationFn: () => changeCampaign(saved.id, saved.version, changes),
    onSuccess: (now) => {
      leaving.current = true;
      client.setQueryData(campaignQuery(saved.id).queryKey, now);
      void client.invalidateQueries({ queryKey: ['campaigns'] });
      toast(t('ongoing.version.inForce', { name: now.name }));
      void navigate({ to: '/campaigns/$campaignId', params: { campaignId: saved.id } });
    },
    // Somebody else may have put one in force meanwhile: theirs is read, and ours stays on top of it.
    onError: () => void client.invalidateQueries({ queryKey: campaignQuery(saved.id).queryKey }),
  });
  const draft: Draft = {
    campaign: { ...saved, ...edits },
    edit: (change) => setEdits((before) => ({ ...before, ...change })),
    saving: 'saved',
    error: null,
    flush: () => Promise.resolve(true),
    version: { before: saved, dirty: Object.keys(changes).length > 0, put },
  };
  return { draft, leaving };
}
