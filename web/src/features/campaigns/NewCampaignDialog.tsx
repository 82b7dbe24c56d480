import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { wordsFor } from '~/api/words';
import { FormError } from '~/features/session/FormError';
import { Dialog, DialogActions } from '~/ui/Dialog';
import { campaignQuery, createCampaign } from './api';

const LONGEST_NAME = 100;

/** Asks for the one thing that a campaign cannot be without, and opens the builder. */
export function NewCampaignDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [asked, setAsked] = useState(false);
  const make = useMutation({
    mutationFn: () => createCampaign(name.trim()),
    onSuccess: (campaign) => {
      client.setQueryData(campaignQuery(campaign.id).queryKey, campaign);
      void client.invalidateQueries({ queryKey: ['campaigns', 'list'] });
      void navigate({
        to: '/campaigns/$campaignId/edit/$step',
        params: { campaignId: campaign.id, step: 'audience' },
      });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (name.trim()) make.mutate();
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={t('campaigns.create')} lead={t('campaigns.createLead')}>
      <form onSubmit={submit} noValidate>
        {make.isError ? <FormError>{wordsFor(t, make.error)}</FormError> : null}
        <TextInput
          label={t('campaigns.name')}
          placeholder={t('campaigns.namePlaceholder')}
          value={name}
          maxLength={LONGEST_NAME}
          autoComplete="off"
          data-autofocus
          error={asked && !name.trim() ? t('campaigns.nameMissing') : undefined}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <DialogActions>
          <Button variant="default" onClick={onClose}>
            {t('actions.cancel')}
          </Button>
          <Button type="submit" loading={make.isPending}>
            {t('campaigns.begin')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
