import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { wordsFor } from '~/api/words';
import { FormError } from '~/features/session/FormError';
import { count } from '~/lib/format';
import { Dialog } from '~/ui/Dialog';
import { RadioCards } from '~/ui/RadioCards';
import { campaignQuery, retargetCampaign } from '../api';
import type { Campaign } from '../contract';
import { choices, type RetargetChoice } from './retarget';

interface Props {
  campaign: Campaign;
  opened: boolean;
  onClose: () => void;
}

/** A new campaign for some of those who got this one, by what became of it. */
export function RetargetDialog({ campaign, opened, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const offered = choices(campaign.funnel);
  const [chosen, setChosen] = useState<RetargetChoice['name']>('notRead');
  const [name, setName] = useState(t('report.againName', { name: campaign.name }));
  const choice = offered.find((each) => each.name === chosen) ?? offered[0];
  const make = useMutation({
    mutationFn: () =>
      retargetCampaign(campaign.id, choice?.outcome ?? ['delivered'], name.trim() || campaign.name),
    onSuccess: (made) => {
      client.setQueryData(campaignQuery(made.id).queryKey, made);
      void client.invalidateQueries({ queryKey: ['campaigns', 'list'] });
      void navigate({
        to: '/campaigns/$campaignId/edit/$step',
        params: { campaignId: made.id, step: 'message' },
      });
    },
  });
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      width={560}
      title={t('report.retargetTitle')}
      lead={t('report.retargetLead')}
      actions={
        <>
          <Button variant="default" onClick={onClose}>
            {t('actions.cancel')}
          </Button>
          <Button loading={make.isPending} onClick={() => make.mutate()}>
            {t('report.retargetNow')}
          </Button>
        </>
      }
    >
      {make.isError ? <FormError>{wordsFor(t, make.error)}</FormError> : null}
      <RadioCards
        name="outcome"
        label={t('report.retargetWho')}
        value={choice?.name ?? null}
        onChange={setChosen}
        cards={offered.map((each) => ({
          value: each.name,
          title: t(`report.again.${each.name}`),
          help: t('report.againCount', { count: each.count, shown: count(each.count) }),
        }))}
      />
      <TextInput
        label={t('campaigns.name')}
        value={name}
        maxLength={100}
        autoComplete="off"
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </Dialog>
  );
}
