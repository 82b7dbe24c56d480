import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { traitsQuery } from '~/features/audience/api';
import { IconColumns } from '~/ui/icons';
import { Menu, MenuItem, MenuLine } from '~/ui/Menu';
import classes from './ContactsPage.module.css';
import { useColumnWords } from './ContactsTable';
import { type Column, fixedColumns, toggled } from './columns';

interface Props {
  columns: Column[];
  onChange: (columns: Column[]) => void;
}

/** Which columns the list has; the choice is remembered in this browser. */
export function ColumnsMenu({ columns, onChange }: Props) {
  const { t } = useTranslation();
  const words = useColumnWords();
  const { data: traits } = useQuery(traitsQuery);
  const ofTraits = [
    ...(traits ?? []).map(({ key }): Column => `trait:${key}`),
    ...columns.filter(
      (each) => each.startsWith('trait:') && !traits?.some(({ key }) => each === `trait:${key}`),
    ),
  ];
  const item = (column: Column) => (
    <MenuItem
      key={column}
      several
      keepOpen
      checked={columns.includes(column)}
      onSelect={() => onChange(toggled(columns, column))}
    >
      <bdi>{words(column)}</bdi>
    </MenuItem>
  );
  return (
    <Menu
      label={t('contacts.columnsName')}
      width={220}
      placement={{ side: 'below', align: 'end' }}
      button={(button) => (
        <button type="button" className={classes.tool} {...button}>
          <IconColumns size={16} strokeWidth={1.75} aria-hidden="true" />
          {t('contacts.columnsName')}
        </button>
      )}
    >
      {fixedColumns.map(item)}
      {ofTraits.length > 0 ? <MenuLine /> : null}
      {ofTraits.map(item)}
    </Menu>
  );
}
