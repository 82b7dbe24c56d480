import type { ReactNode } from 'react';
import { usePageTitle } from '~/lib/title';
import classes from './Frame.module.css';
import { PageHead } from './PageHead';

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
        <PageHead title={title} dir="auto" aside={aside} lead={lead} action={action} fill />
        {children}
      </article>
    </div>
  );
}
