import { type ComponentType, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconCopy, IconExternal, IconList, IconPhone, IconReply } from '~/ui/icons';
import classes from './ButtonRows.module.css';

export interface ButtonRow {
  kind: 'reply' | 'link' | 'call' | 'copy' | 'list';
  text: string;
  /** Where a link leads; shown on hover. */
  hint?: string;
}

/** WhatsApp shows so many; of more it shows all but one and a door to the rest. */
const MOST = 3;

const icons: Record<ButtonRow['kind'], ComponentType<{ size?: number; strokeWidth?: number }>> = {
  reply: IconReply,
  link: IconExternal,
  call: IconPhone,
  copy: IconCopy,
  list: IconList,
};

interface Props {
  rows: ButtonRow[];
  /** Opens the rest elsewhere than below. */
  onAll?: () => void;
  /** All of them, however many. */
  whole?: boolean;
}

/** The buttons below a bubble as the customer sees them; here they are a picture and press nothing. */
export function ButtonRows({ rows, onAll, whole = false }: Props) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  if (rows.length === 0) return null;
  const folded = rows.length > MOST && !all && !whole;
  return (
    <ul className={classes.rows}>
      {(folded ? rows.slice(0, MOST - 1) : rows).map(({ kind, text, hint }, index) => {
        const Icon = icons[kind];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a button's place is its name.
          <li key={index} className={classes.row} title={hint}>
            <Icon size={15} strokeWidth={2} />
            <bdi>{text}</bdi>
          </li>
        );
      })}
      {folded ? (
        <li>
          <button type="button" className={classes.row} onClick={onAll ?? (() => setAll(true))}>
            <IconList size={15} strokeWidth={2} aria-hidden="true" />
            {t('bubble.allOptions')}
          </button>
        </li>
      ) : null}
    </ul>
  );
}

/** Meta's type of a template's button in our few kinds. */
export function kindOf(type: string | undefined): ButtonRow['kind'] {
  switch (type?.toLowerCase()) {
    case 'url':
      return 'link';
    case 'phone_number':
    case 'voice_call':
      return 'call';
    case 'copy_code':
    case 'otp':
      return 'copy';
    case 'catalog':
    case 'mpm':
    case 'spm':
    case 'flow':
    case 'order_details':
      return 'list';
    default:
      return 'reply';
  }
}
