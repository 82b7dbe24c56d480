import type { ReactNode } from 'react';
import { usePageTitle } from '~/lib/title';
import classes from './Frame.module.css';

interface Props {
  title: string;
  /** Beside the title, such as a state. */
  aside?: ReactNode;
  lead?: ReactNode;
  back?: ReactNode;
  /** The page's one primary action, and what stands beside it. */
  action?: ReactNode;
  /** Takes more of a large screen, for tables of many columns. */
  wide?: boolean;
  children: ReactNode;
}

/** A page of its own that scrolls as a whole: where it leads back to, its title, its action, its content. */
export function Frame({ title, aside, lead, back, action, wide, children }: Props) {
  usePageTitle(title);
  return (
    <div className={classes.scroller}>
      <article className={classes.page} data-wide={wide || undefined}>
        {back}
        <header className={classes.header}>
          <div className={classes.words}>
            <div className={classes.titleLine}>
              <h1 className={classes.title} dir="auto">
                {title}
              </h1>
              {aside}
            </div>
            {lead ? <p className={classes.lead}>{lead}</p> : null}
          </div>
          {action ? <div className={classes.action}>{action}</div> : null}
        </header>
        {children}
      </article>
    </div>
  );
}

/** A part of a page: a heading, a sentence under it, something to do at its end. */
export function Part({
  title,
  lead,
  action,
  children,
  id,
}: {
  title: string;
  lead?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
  id?: string;
}) {
  return (
    <section className={classes.part} id={id} aria-label={title}>
      <header className={classes.partHeader}>
        <div>
          <h2 className={classes.partTitle}>{title}</h2>
          {lead ? <p className={classes.partLead}>{lead}</p> : null}
        </div>
        {action}
      </header>
      {children}
    </section>
  );
}

/** How a link back to the list looks. */
export const backLink = classes.back;
