import type { ComponentType } from 'react';
import { IconCopy, IconExternal, IconList, IconPhone, IconReply } from '~/ui/icons';
import classes from './ButtonRows.module.css';

export interface ButtonRow {
  kind: 'reply' | 'link' | 'call' | 'copy' | 'list';
  text: string;
  /** Where a link leads; shown on hover. */
  hint?: string;
}

const icons: Record<ButtonRow['kind'], ComponentType<{ size?: number; strokeWidth?: number }>> = {
  reply: IconReply,
  link: IconExternal,
  call: IconPhone,
  copy: IconCopy,
  list: IconList,
};

/** The buttons below a bubble as the customer sees them; here they are a picture and press nothing. */
export function ButtonRows({ rows }: { rows: ButtonRow[] }) {
  if (rows.length === 0) return null;
  return (
    <ul className={classes.rows}>
      {rows.map(({ kind, text, hint }) => {
        const Icon = icons[kind];
        return (
          <li key={`${kind} ${text}`} className={classes.row} title={hint}>
            <Icon size={15} strokeWidth={2} />
            <bdi>{text}</bdi>
          </li>
        );
      })}
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
    case 'flow':
      return 'list';
    default:
      return 'reply';
  }
}
