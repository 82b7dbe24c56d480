import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Template } from '~/api/contract';
import { numbersQuery } from '~/features/numbers/api';
import { TemplatePhone } from '~/features/templates/preview/TemplatePhone';
import type { Campaign } from '../contract';
import { useHeaderMedia } from './headerMedia';
import classes from './MessageStep.module.css';
import { previewValues } from './previewValues';

interface Props {
  campaign: Campaign;
  template: Template;
  /** Which message it is, where there are several. */
  name?: string;
}

/** What a draft says so far, as it will look on the phone. */
export function DraftPhone({ campaign, template, name }: Props) {
  const { t } = useTranslation();
  const { data: numbers } = useQuery(numbersQuery);
  const media = useHeaderMedia(campaign.header);
  const number = numbers?.find((each) => each.id === campaign.number_id);
  return (
    <div className={classes.phone}>
      <TemplatePhone
        name={name}
        sender={number?.verified_name ?? template.name}
        components={template.components}
        values={previewValues(template, campaign.variables)}
        media={media}
        place={campaign.header?.location ?? null}
        language={template.language}
        caption={t('builder.phoneCaption')}
      />
    </div>
  );
}
