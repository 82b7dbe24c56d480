import { useTranslation } from 'react-i18next';
import { type Order, orders } from '~/features/audience/api';
import { IconSort } from '~/ui/icons';
import { Menu, MenuItem } from '~/ui/Menu';
import classes from './ContactsPage.module.css';

/** In which order the list stands. */
export function OrderMenu({ order, onChange }: { order: Order; onChange: (order: Order) => void }) {
  const { t } = useTranslation();
  return (
    <Menu
      label={t('contacts.order')}
      width={180}
      button={(button) => (
        <button type="button" className={classes.tool} {...button}>
          <IconSort size={16} strokeWidth={1.75} aria-hidden="true" />
          <span className="visually-hidden">{t('contacts.order')}</span>
          {t(`contacts.orders.${order}`)}
        </button>
      )}
    >
      {orders.map((each) => (
        <MenuItem key={each} checked={each === order} onSelect={() => onChange(each)}>
          {t(`contacts.orders.${each}`)}
        </MenuItem>
      ))}
    </Menu>
  );
}
