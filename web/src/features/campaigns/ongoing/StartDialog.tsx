import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { wordsFor } from '~/api/words';
import { countQuery } from '~/features/audience/api';
import type { Filter } from '~/features/audience/contract';
import { useNames } from '~/features/audience/useNames';
import { FormError } from '~/features/session/FormError';
import { count } from '~/lib/format';
import { Dialog } from '~/ui/Dialog';
import { RadioCards } from '~/ui/RadioCards';
import { campaignQuery } from '../api';
import type { Campaign } from '../contract';
import { startCampaign } from './api';
import type { Enrol, Trigger } from './contract';
import { triggerWords } from './sentences';
import { kindOfTrigger, mayEnrol } from './trigger';

const choices: Enrol[] = ['new', 'existing'];

/** Who is in already, where a trigger names such people. */
function membersOf(trigger: Trigger | undefined): Filter | null {
  if (!trigger || !mayEnrol(trigger)) return null;
  if ('tag_added' in trigger) return { tag: trigger.tag_added.tag };
  return 'segment_entered' in trigger ? { segment: trigger.segment_entered.segment_id } : { everyone: true };
}

interface Props {
  campaign: Campaign;
  opened: boolean;
  onClose: () => void;
}

/** Asks once, and where people can be in already, whether they get it as well. */
export function StartDialog({ campaign, opened, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const names = useNames();
  const [enrol, setEnrol] = useState<Enrol>('new');
  const { id, name } = campaign;
  const trigger = campaign.ongoing?.trigger;
  const kind = kindOfTrigger(trigger);
  const members = membersOf(trigger);
  const { data: counted } = useQuery({ ...countQuery(members), enabled: opened && members !== null });
  const asksWho = kind === 'contact_created' || kind === 'tag_added' || kind === 'segment_entered';
  const start = useMutation({
    mutationFn: () => startCampaign(id, members ? enrol : 'new'),
    onSuccess: (now) => {
      client.setQueryData(campaignQuery(id).queryKey, now);
      void client.invalidateQueries({ queryKey: ['campaigns', 'list'] });
      void navigate({ to: '/campaigns/$campaignId', params: { campaignId: id } });
    },
    onError: () => void client.invalidateQueries({ queryKey: ['campaigns', 'review', id] }),
  });
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      title={t('ongoing.start.title', { name })}
      lead={
        <>
          {trigger ? triggerWords(t, trigger, names) : null} {t('ongoing.start.lead')}
        </>
      }
      actions={
        <>
          <Button variant="default" onClick={onClose}>
            {t('review.notYet')}
          </Button>
          <Button loading={start.isPending} data-autofocus onClick={() => start.mutate()}>
            {t('ongoing.start.button')}
          </Button>
        </>
      }
    >
      {asksWho || start.isError ? (
        <>
          {start.isError ? (
            <FormError>{wordsFor(t, start.error, { invalid: t('review.notReady') })}</FormError>
          ) : null}
          {asksWho ? (
            <RadioCards
              name="enrol"
              label={t('ongoing.start.who')}
              value={enrol}
              onChange={setEnrol}
              cards={choices.map((value) => ({
                value,
                title: t(`ongoing.start.${value}`),
                help:
                  value === 'new'
                    ? t('ongoing.start.newHelp')
                    : t(`ongoing.start.existingHelp.${kind}`, {
                        count: counted?.count ?? 0,
                        shown: counted ? count(counted.count) : '…',
                      }),
              }))}
            />
          ) : null}
        </>
      ) : null}
    </Dialog>
  );
}
