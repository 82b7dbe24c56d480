import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Template } from '~/api/contract';
import { backLink, Part, Section } from '~/features/settings/Section';
import { languageName } from '~/lib/format';
import { CopyButton } from '~/ui/CopyButton';
import { Fact } from '~/ui/Fact';
import { IconBack, IconWarning } from '~/ui/icons';
import { QualityChip } from '~/ui/QualityChip';
import { Skeleton } from '~/ui/Skeleton';
import { ErrorState } from '~/ui/States';
import { Row, Table, Td, Th } from '~/ui/Table';
import { When } from '~/ui/When';
import { templateQuery } from './list';
import { StatusChip } from './StatusChip';
import classes from './TemplatePage.module.css';
import { TemplatePhone } from './TemplatePhone';

/** One template: what WhatsApp knows about it, what is filled in, and how it looks on a phone. */
export function TemplatePage() {
  const { t } = useTranslation();
  const { templateId } = useParams({ from: '/signed-in/settings/templates/$templateId' });
  const search = useSearch({ from: '/signed-in/settings/templates' });
  const { data: template, error, isPending, refetch } = useQuery(templateQuery(templateId));
  const back = (
    <Link to="/settings/templates" search={search} className={backLink}>
      <IconBack size={16} strokeWidth={1.75} aria-hidden="true" />
      {t('settings.sections.templates')}
    </Link>
  );
  return (
    <Section title={template?.name ?? t('templates.one')} back={back}>
      {error && !template ? <ErrorState error={error} retry={refetch} /> : null}
      {isPending ? (
        <div className={classes.sides} aria-hidden="true">
          <Skeleton height={168} />
          <Skeleton height={420} />
        </div>
      ) : null}
      {template ? <Details template={template} /> : null}
    </Section>
  );
}

function Details({ template }: { template: Template }) {
  const { t } = useTranslation();
  return (
    <div className={classes.sides}>
      <div className={classes.details}>
        {template.rejected_reason ? (
          <p className={classes.rejected}>
            <IconWarning size={18} strokeWidth={1.75} aria-hidden="true" />
            <span>
              {t('templates.rejected')} <code dir="ltr">{template.rejected_reason}</code>
            </span>
          </p>
        ) : null}
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
          <Fact name={t('templates.synced')}>
            <When at={template.synced_at} />
          </Fact>
          <Fact name={t('templates.metaId')} mono>
            {template.meta_template_id}
            <CopyButton text={template.meta_template_id} label={t('templates.copyMetaId')} />
          </Fact>
        </dl>
        {template.variables.length > 0 ? (
          <Part title={t('templates.variables')} lead={t('templates.variablesLead')}>
            <Table
              label={t('templates.variables')}
              head={
                <>
                  <Th>{t('templates.key')}</Th>
                  <Th>{t('templates.example')}</Th>
                </>
              }
            >
              {template.variables.map((variable) => (
                <Row key={variable.key}>
                  <Td>
                    <code className={classes.key} dir="ltr">
                      {variable.key}
                    </code>
                  </Td>
                  <Td>
                    <bdi>{variable.example}</bdi>
                  </Td>
                </Row>
              ))}
            </Table>
          </Part>
        ) : null}
      </div>
      <TemplatePhone template={template} />
    </div>
  );
}
