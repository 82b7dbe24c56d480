import { useTranslation } from 'react-i18next';
import type { Template } from '~/api/contract';
import { Part } from '~/ui/Part';
import { Row, Table, Td, Th } from '~/ui/Table';
import classes from './TemplatePage.module.css';

/** The places of a template, under the keys that the API takes. */
export function Variables({ template }: { template: Template }) {
  const { t } = useTranslation();
  if (template.variables.length === 0) return null;
  return (
    <Part small title={t('templates.variables')} lead={t('templates.variablesLead')}>
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
  );
}
