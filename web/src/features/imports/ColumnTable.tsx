import { useTranslation } from 'react-i18next';
import { Select } from '~/ui/Select';
import { Row, Table, Td, Th } from '~/ui/Table';
import classes from './ImportPanel.module.css';
import { type Become, type Column, keyOf, type Target, targets } from './importing';

interface Props {
  columns: Column[];
  map: Become[];
  onChange: (map: Become[]) => void;
}

const SHOWN = 3;

/** A colon divides the keys of the catalogue. */
type TargetText = Target extends infer Each
  ? Each extends `${infer Head}:${infer Tail}`
    ? `${Head}_${Tail}`
    : Each
  : never;

/** Each column of a file, what stands in it, and what it becomes. */
export function ColumnTable({ columns, map, onChange }: Props) {
  const { t } = useTranslation();
  const put = (index: number, become: Become) =>
    onChange(map.map((each, at) => (at === index ? become : each)));
  return (
    <Table
      label={t('imports.columns')}
      head={
        <>
          <Th>{t('imports.column')}</Th>
          <Th wide>{t('imports.values')}</Th>
          <Th>{t('imports.becomes')}</Th>
        </>
      }
    >
      {columns.map(({ name: heading, samples }, index) => {
        const become = map[index] ?? { to: 'column' };
        const values = samples
          .filter((each) => each.trim())
          .slice(0, SHOWN)
          .join(', ');
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have the same heading.
          <Row key={index}>
            <Td>
              <bdi className={classes.heading}>{heading}</bdi>
            </Td>
            <Td wide>
              <bdi className={classes.values}>{values}</bdi>
            </Td>
            <Td>
              <span className={classes.become}>
                <Select
                  bare
                  label={t('imports.becomesOf', { name: heading })}
                  value={become.to}
                  choices={targets.map((value) => ({
                    value,
                    text: t(`imports.targets.${value.replace(':', '_') as TargetText}`),
                  }))}
                  onChange={(value) => {
                    const to = value as Target;
                    put(index, to === 'trait' ? { to, key: keyOf(heading) } : { to });
                  }}
                />
                {become.to === 'trait' ? (
                  <input
                    className={classes.key}
                    aria-label={t('imports.keyOf', { name: heading })}
                    value={become.key ?? ''}
                    maxLength={60}
                    onChange={(event) => put(index, { ...become, key: event.currentTarget.value })}
                  />
                ) : null}
              </span>
            </Td>
          </Row>
        );
      })}
    </Table>
  );
}
