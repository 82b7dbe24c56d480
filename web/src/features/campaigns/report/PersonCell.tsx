import type { ReactNode } from 'react';
import { Avatar, colorOf, initialsOf } from '~/ui/Avatar';
import classes from './PersonCell.module.css';

interface Props {
  id: string;
  name: string | null;
  /** Their name as a door, and what stands below it. */
  children: ReactNode;
}

/** Who a row of a report is about. */
export function PersonCell({ id, name, children }: Props) {
  return (
    <span className={classes.who}>
      <Avatar initials={initialsOf(name ?? '')} color={colorOf(id)} size={32} />
      <span className={classes.words}>{children}</span>
    </span>
  );
}
