import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Template } from '~/api/contract';
import { numbersQuery } from '~/features/numbers/api';
import { templateQuery } from '~/features/templates/list';
import { headerOf } from '~/features/templates/variables';
import { Select } from '~/ui/Select';
import { Skeleton } from '~/ui/Skeleton';
import { TriedFields } from '../ongoing/TriedFields';
import { DraftPhone } from './DraftPhone';
import { HeaderFields } from './HeaderFields';
import classes from './MessageStep.module.css';
import { guessedSources } from './sources';
import { TemplateGallery } from './TemplateGallery';
import type { Draft } from './useDraft';
import { VariableRows } from './VariableRows';

/** What is said: from which number, with which template, and what stands in its places. */
export function MessageStep({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  const { campaign, edit } = draft;
  const { data: numbers } = useQuery(numbersQuery);
  const usable = numbers?.filter((each) => each.enabled);
  const number = numbers?.find((each) => each.id === campaign.number_id);
  const { data: template } = useQuery({
    ...templateQuery(campaign.template_id ?? ''),
    enabled: campaign.template_id !== null,
  });
  const only = usable?.length === 1 ? usable[0]?.id : undefined;
  useEffect(() => {
    if (campaign.number_id === null && only) edit({ number_id: only });
  }, [campaign.number_id, only, edit]);
  const choose = (next: Template | null) =>
    edit({
      template_id: next?.id ?? null,
      variables: next ? guessedSources(next, campaign.variables) : {},
      header: null,
    });
  const from = (
    <div className={classes.number}>
      <Select
        label={t('builder.number')}
        value={campaign.number_id ?? ''}
        placeholder={t('builder.chooseNumber')}
        choices={(usable ?? []).map((each) => ({
          value: each.id,
          text: t('builder.numberChoice', { name: each.verified_name, phone: each.display_phone_number }),
        }))}
        onChange={(id) => {
          const waba = numbers?.find((each) => each.id === id)?.waba.waba_id;
          edit(
            template && waba && template.waba_id !== waba
              ? { number_id: id, template_id: null, variables: {}, header: null }
              : { number_id: id },
          );
        }}
      />
    </div>
  );
  return (
    <>
      {campaign.template_id ? (
        template ? (
          <div className={classes.sides}>
            <div className={classes.fields}>
              {from}
              <TemplateGallery wabaId={number?.waba.waba_id ?? null} chosen={template} onChoose={choose} />
              <VariableRows draft={draft} template={template} />
              {headerOf(template) && headerOf(template) !== 'text' ? (
                <HeaderFields draft={draft} template={template} />
              ) : null}
            </div>
            <DraftPhone campaign={campaign} template={template} />
          </div>
        ) : (
          <Skeleton height={360} />
        )
      ) : (
        <>
          {from} <TemplateGallery wabaId={number?.waba.waba_id ?? null} chosen={null} onChoose={choose} />
        </>
      )}
      {campaign.ongoing && campaign.template_id ? (
        <TriedFields draft={draft} wabaId={number?.waba.waba_id ?? null} />
      ) : null}
    </>
  );
}
