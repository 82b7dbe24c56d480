import { useTranslation } from 'react-i18next';
import { count, money } from '~/lib/format';
import { IconBag } from '~/ui/icons';
import { type Order, orderSums } from '../content';
import { FormattedText } from '../FormattedText';
import classes from './OrderBody.module.css';

/** A cart that the customer sent. */
export function OrderBody({ order }: { order: Order }) {
  const { t } = useTranslation();
  const items = order.product_items ?? [];
  const pieces = items.reduce((sum, item) => sum + (Number(item.quantity) || 1), 0);
  return (
    <div className={classes.order}>
      <p className={classes.head}>
        <IconBag size={18} strokeWidth={1.75} aria-hidden="true" />
        <strong>{t('bubble.pieces', { count: pieces })}</strong>
        <span className={classes.sum}>
          {orderSums(order)
            .map(({ amount, currency }) => money(amount, currency))
            .join(' + ')}
        </span>
      </p>
      <ul>
        {items.map((item) => (
          <li key={item.product_retailer_id} className={classes.item}>
            <span className={classes.times}>{t('bubble.times', { count: Number(item.quantity) || 1 })}</span>
            <bdi>{item.product_retailer_id}</bdi>
            <span className={classes.sum}>
              {item.currency
                ? money(Number(item.item_price), item.currency)
                : count(Number(item.item_price) || 0)}
            </span>
          </li>
        ))}
      </ul>
      {order.text ? <FormattedText text={order.text} /> : null}
    </div>
  );
}
