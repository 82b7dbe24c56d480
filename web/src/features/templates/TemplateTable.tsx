import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Template } from '~/api/contract';
import { inline, plain } from '~/features/messages/formatting';
import { useRowKeys } from '~/features/shortcuts/useRowKeys';
import { languageName } from '~/lib/format';
import { IconAlert } from '~/ui/icons';
import { QualityChip } from '~/ui/QualityChip';
import { narrowOnly, Row, rowDoor, SkeletonRows, Table, Td, Th } from '~/ui/Table';
import { draw, examplesOf } from './preview/drawing';
import { StatusChip } from './StatusChip';
import type { TemplatesSearch } from './search';
import classes from './TemplatesPage.module.css';

/** The templates as lines; before they are here, as the room that they take. */
export function TemplateTable({
  templates,
  search,
}: {
  templates: Template[] | undefined;
  search: TemplatesSearch;
}) {
  const { t } = useTranslation();
  useRowKeys();
  return (
    <Table
      label={t('doors.templates')}
      head={
        <>
          <Th>{t('templates.name')}</Th>
          <Th tight>{t('templates.statusName')}</Th>
          <Th wide tight>
            {t('templates.category')}
          </Th>
          <Th wide tight>
            {t('templates.language')}
          </Th>
          <Th wide tight>
            {t('templates.quality')}
          </Th>
        </>
      }
    >
      {templates ? null : <SkeletonRows columns={5} rows={6} />}
      {templates?.map((template) => (
        <TemplateRow key={template.id} template={template} search={search} />
      ))}
    </Table>
  );
}

function TemplateRow({ template, search }: { template: Template; search: TemplatesSearch }) {
  const { t } = useTranslation();
  const body = plain(
    inline(draw(template.components, examplesOf(template.components)).body.replace(/\s+/g, ' ')),
  );
  const category = t(`templates.categories.${template.category}`);
  return (
    <Row>
      <Td>
        <span className={classes.what}>
          <Link
            to="/templates/$templateId"
            params={{ templateId: template.id }}
            search={search}
            className={rowDoor}
          >
            {template.name}
          </Link>
          <span className={classes.begins} dir="auto">
            {body || t('templates.wordsByMeta')}
          </span>
          <span className={narrowOnly}>
            {t('templates.categoryAndLanguage', { category, language: languageName(template.language) })}
          </span>
        </span>
      </Td>
      <Td tight>
        <StatusChip status={template.status} />
      </Td>
      <Td wide tight>
        <span className={classes.category}>
          {category}
          {template.previous_category && template.previous_category !== template.category ? (
            <span
              className={classes.changed}
              data-tip={t('templates.wasCategory', {
                category: t(`templates.categories.${template.previous_category}`),
              })}
            >
              <IconAlert size={14} strokeWidth={2} aria-hidden="true" />
              <span className="visually-hidden">
                {t('templates.wasCategory', {
                  category: t(`templates.categories.${template.previous_category}`),
                })}
              </span>
            </span>
          ) : null}
        </span>
      </Td>
      <Td wide tight>
        {languageName(template.language)}
      </Td>
      <Td wide tight>
        {template.status === 'draft' ? null : <QualityChip quality={template.quality} />}
      </Td>
    </Row>
  );
}
