import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Template } from '~/api/contract';
import { useFile } from '~/features/media/api';
import { Section } from '~/features/settings/Section';
import { useMay } from '~/features/settings/sections';
import { languageName } from '~/lib/format';
import { CopyButton } from '~/ui/CopyButton';
import { Fact } from '~/ui/Fact';
import { IconBack, IconEdit } from '~/ui/icons';
import { backLink } from '~/ui/PageHead';
import { QualityChip } from '~/ui/QualityChip';
import { Skeleton } from '~/ui/Skeleton';
import { ErrorState } from '~/ui/States';
import { When } from '~/ui/When';
import { isWritable } from './editor/form';
import { templateQuery } from './list';
import { Notices } from './Notices';
import { examplesOf } from './preview/drawing';
import { TemplatePhone } from './preview/TemplatePhone';
import { Siblings } from './Siblings';
import { StatusChip } from './StatusChip';
import { TemplateMenu } from './TemplateMenu';
import classes from './TemplatePage.module.css';
import './texts';
import { useSender } from './useSender';
import { Variables } from './Variables';
import { Versions } from './Versions';

/** One template: how Meta sees it and what to do about it, what is filled in, and how it looks on a phone. */
export function TemplatePage() {
  const { t } = useTranslation();
  const { templateId } = useParams({ from: '/signed-in/templates/$templateId' });
  const search = useSearch({ from: '/signed-in/templates' });
  const { data: template, error, isPending, refetch } = useQuery(templateQuery(templateId));
  const mayWrite = useMay('templates.write');
  const back = (
    <Link to="/templates" search={search} className={backLink}>
      <IconBack size={16} strokeWidth={1.75} aria-hidden="true" />
      {t('doors.templates')}
    </Link>
  );
  return (
    <Section
      title={template?.name ?? t('templates.one')}
      back={back}
      wide
      action={
        template && mayWrite ? (
          <>
            {template.editable?.allowed && isWritable(template) ? (
              <Button
                component={Link}
                to={`/templates/${templateId}/edit`}
                leftSection={<IconEdit size={16} strokeWidth={1.75} />}
              >
                {t(template.status === 'draft' ? 'templates.goOn' : 'templates.edit')}
              </Button>
            ) : null}
            <TemplateMenu template={template} />
          </>
        ) : null
      }
    >
      {error && !template ? <ErrorState error={error} retry={refetch} /> : null}
      {isPending ? (
        <div className={classes.sides} aria-hidden="true">
          <Skeleton height={168} />
          <Skeleton height={420} />
        </div>
      ) : null}
      {template ? <Details key={template.id} template={template} /> : null}
    </Section>
  );
}

function Details({ template }: { template: Template }) {
  const { t } = useTranslation();
  const sender = useSender(template.waba_id) ?? template.name;
  const sample = useFile(template.header_media_id);
  const { meta_template_id: metaId } = template;
  return (
    <div className={classes.sides}>
      <div className={classes.details}>
        <Notices template={template} />
        <dl className={classes.facts}>
          <Fact name={t('templates.statusName')}>
            <StatusChip status={template.status} />
          </Fact>
          <Fact name={t('templates.quality')}>
            <QualityChip quality={template.quality} />
          </Fact>
          <Fact name={t('templates.category')}>{t(`templates.categories.${template.category}`)}</Fact>
          <Fact name={t('templates.language')}>
            {t('templates.languageAndCode', {
              language: languageName(template.language),
              code: template.language,
            })}
          </Fact>
          {template.synced_at && metaId ? (
            <>
              <Fact name={t('templates.synced')}>
                <When at={template.synced_at} />
              </Fact>
              <Fact name={t('templates.metaId')} mono>
                {metaId}
                <CopyButton text={metaId} label={t('templates.copyMetaId')} />
              </Fact>
            </>
          ) : null}
        </dl>
        <Siblings template={template} />
        <Variables template={template} />
        <Versions template={template} />
      </div>
      <div className={classes.phone}>
        <TemplatePhone
          sender={sender}
          components={template.components}
          values={examplesOf(template.components)}
          media={sample}
          language={template.language}
          caption={t('templates.onPhoneHelp')}
        />
      </div>
    </div>
  );
}
