import { useTranslation } from 'react-i18next';
import { count } from '~/lib/format';
import { Row, Table, Td, Th } from '~/ui/Table';
import classes from './ImportPanel.module.css';
import type { Checked, RowProblem } from './importing';

const codes = [
  'phone_missing',
  'phone_invalid',
  'phone_country',
  'phone_length',
  'phone_letters',
  'phone_rounded',
  'email',
  'kind',
  'long',
  'many',
  'cells',
  'external_id',
  'consent',
  'time',
  'duplicate',
] as const;

const figures = ['new', 'existing', 'duplicates', 'failed', 'granted', 'kept_denied'] as const;

const codeOf = ({ code }: RowProblem) => codes.find((each) => each === code) ?? 'other';

/** What would come of a file, and the rows that would not be taken. */
export function CheckedFigures({ checked }: { checked: Checked }) {
  const { t } = useTranslation();
  return (
    <section className={classes.checked} aria-label={t('imports.outcome')} aria-live="polite">
      <dl className={classes.figures}>
        {figures
          .filter((name) => checked[name] > 0 || name === 'new')
          .map((name) => (
            <div key={name} data-name={name}>
              <dt>{t(`imports.figures.${name}`)}</dt>
              <dd>{count(checked[name])}</dd>
            </div>
          ))}
      </dl>
      {checked.problems.length > 0 ? (
        <Table
          label={t('imports.errors')}
          head={
            <>
              <Th tight end>
                {t('imports.row')}
              </Th>
              <Th wide>{t('imports.value')}</Th>
              <Th>{t('imports.what')}</Th>
            </>
          }
        >
          {checked.problems.map((error) => (
            <Row key={`${error.row} ${error.field} ${error.code}`}>
              <Td tight end>
                {count(error.row)}
              </Td>
              <Td wide>
                <bdi className={classes.values}>{error.record.join(', ')}</bdi>
              </Td>
              <Td>{t(`imports.codes.${codeOf(error)}`)}</Td>
            </Row>
          ))}
        </Table>
      ) : null}
    </section>
  );
}
