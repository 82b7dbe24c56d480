import type { ReactNode } from 'react';
import classes from './Part.module.css';

interface Props {
  title: string;
  lead?: ReactNode;
  action?: ReactNode;
  /** Quieter, and no landmark: for pages that are short. */
  small?: boolean;
  id?: string;
  children: ReactNode;
}

/** A part of a page: a heading, a sentence under it, something to do at its end. */
export function Part({ title, lead, action, small, id, children }: Props) {
  return (
    <section className={classes.part} id={id} aria-label={small ? undefined : title}>
      <header className={classes.header}>
        <div>
          <h2 className={classes.title} data-small={small || undefined}>
            {title}
          </h2>
          {lead ? <p className={classes.lead}>{lead}</p> : null}
        </div>
        {action}
      </header>
      {children}
    </section>
  );
}
