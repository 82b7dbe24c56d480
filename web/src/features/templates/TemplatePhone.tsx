import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Template } from '~/api/contract';
import { numbersQuery } from '~/features/numbers/api';
import { useMay } from '~/features/settings/sections';
import { Avatar, colorOf, initialsOf } from '~/ui/Avatar';
import classes from './TemplatePhone.module.css';
import { TemplatePreview } from './TemplatePreview';
import { contentOf, exampleOf } from './variables';

/** A template as it arrives, on a phone in a frame, filled in with its approved examples. */
export function TemplatePhone({ template }: { template: Template }) {
  const { t } = useTranslation();
  const mayRead = useMay('numbers.read');
  const { data: numbers } = useQuery({ ...numbersQuery, enabled: mayRead });
  const sender =
    numbers?.find((number) => number.waba.waba_id === template.waba_id)?.verified_name ?? template.name;
  const values = Object.fromEntries(
    template.variables.map((variable) => [variable.key, exampleOf(template, variable)]),
  );
  return (
    <figure className={classes.figure}>
      <div className={classes.phone}>
        <div className={classes.bar}>
          <Avatar initials={initialsOf(sender)} color={colorOf(sender)} size={32} />
          <bdi className={classes.sender}>{sender}</bdi>
        </div>
        <div className={classes.screen}>
          <TemplatePreview content={contentOf(template, values)} language={template.language} media={null} />
        </div>
      </div>
      <figcaption className={classes.caption}>
        <strong>{t('templates.onPhone')}</strong>
        <span>{t('templates.onPhoneHelp')}</span>
      </figcaption>
    </figure>
  );
}
