import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { wordsFor } from '~/api/words';
import { FormError } from '~/features/session/FormError';
import { Dialog, DialogActions } from '~/ui/Dialog';
import { IconSend, IconTrigger } from '~/ui/icons';
import { RadioCards } from '~/ui/RadioCards';
import { campaignQuery, createCampaign } from './api';
import classes from './CampaignsPage.module.css';
import type { CampaignKind } from './contract';
import { createFrom, type RecipeName, recipeNames } from './ongoing/recipes';
import { steps } from './search';

const LONGEST_NAME = 100;

const kinds = [
  { value: 'one_time', Icon: IconSend },
  { value: 'ongoing', Icon: IconTrigger },
] as const;

const beginnings = ['blank', ...recipeNames] as const;
type Beginning = 'blank' | RecipeName;

/**
 * Asks for the two things that a campaign cannot be without, its kind and its name, and of an on-going one what
 * it begins with; opens the builder.
 */
export function NewCampaignDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [kind, setKind] = useState<CampaignKind>('one_time');
  const [beginning, setBeginning] = useState<Beginning>('blank');
  const [asked, setAsked] = useState(false);
  const make = useMutation({
    mutationFn: () =>
      kind === 'ongoing' && beginning !== 'blank'
        ? createFrom(beginning, name.trim())
        : createCampaign(name.trim(), kind),
    onSuccess: (campaign) => {
      client.setQueryData(campaignQuery(campaign.id).queryKey, campaign);
      void client.invalidateQueries({ queryKey: ['campaigns', 'list'] });
      void navigate({
        to: '/campaigns/$campaignId/edit/$step',
        params: { campaignId: campaign.id, step: steps[campaign.kind][0] },
      });
    },
  });
  const begin = (next: Beginning) => {
    // A name that nobody typed follows what is chosen.
    const typed = name.trim() && beginnings.every((each) => name !== t(`campaigns.recipes.${each}`));
    if (!typed) setName(next === 'blank' ? '' : t(`campaigns.recipes.${next}`));
    setBeginning(next);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (name.trim()) make.mutate();
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={t('campaigns.create')} lead={t('campaigns.createLead')}>
      <form className={classes.form} onSubmit={submit} noValidate>
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
        <RadioCards
          name="kind"
          label={t('campaigns.kind')}
          value={kind}
          onChange={setKind}
          cards={kinds.map(({ value, Icon }) => ({
            value,
            Icon,
            title: t(`campaigns.kinds.${value}`),
            help: t(`campaigns.kindHelp.${value}`),
          }))}
        />
        {kind === 'ongoing' ? (
          <div className={classes.beginning}>
            <p className={classes.beginningName}>{t('campaigns.recipe')}</p>
            <RadioCards
              name="recipe"
              label={t('campaigns.recipe')}
              value={beginning}
              onChange={begin}
              cards={beginnings.map((value) => ({
                value,
                title: t(`campaigns.recipes.${value}`),
                help: t(`campaigns.recipeHelp.${value}`),
              }))}
              compact
            />
          </div>
        ) : null}
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
