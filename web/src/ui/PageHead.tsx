import type { ReactNode } from 'react';
import classes from './PageHead.module.css';

interface Props {
  title: string;
  /** For a title that somebody wrote, which runs in its own direction. */
  dir?: 'auto';
  /** Beside the title, such as a state. */
  aside?: ReactNode;
  lead?: ReactNode;
  /** The page's one primary action, and what stands beside it. */
  action?: ReactNode;
  /** On a phone the actions take a line of their own. */
  fill?: boolean;
}

/** The head of a page: what it is called, what it is for, what can be done. */
export function PageHead({ title, dir, aside, lead, action, fill }: Props) {
  return (
    <header className={classes.header}>
      <div className={classes.words}>
        <div className={classes.titleLine}>
          <h1 className={classes.title} dir={dir}>
            {title}
          </h1>
          {aside}
        </div>
        {lead ? <p className={classes.lead}>{lead}</p> : null}
      </div>
      {action ? (
        <div className={classes.action} data-fill={fill || undefined}>
          {action}
        </div>
      ) : null}
    </header>
  );
}

/** How a link back to the list looks that a page was opened from. */
export const backLink = classes.back;
