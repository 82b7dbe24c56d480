import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePageTitle } from '~/lib/title';
import { IconBack } from '~/ui/icons';
import classes from './Section.module.css';

interface Props {
  title: string;
  lead?: ReactNode;
  /** The page's one primary action. */
  action?: ReactNode;
  children: ReactNode;
  /** Where “back” leads; the settings' own list on a phone when nothing is said. */
  back?: ReactNode;
  /** For what stands side by side. */
  wide?: boolean;
}

/** One page of the settings, or one like it: its title, what it is for, its action, and what there is. */
export function Section({ title, lead, action, back, wide, children }: Props) {
  const { t } = useTranslation();
  usePageTitle(title);
  return (
    <article className={classes.page} data-wide={wide || undefined}>
      {back ?? (
        <Link to="/settings" className={`${classes.back} ${classes.narrow}`}>
          <IconBack size={16} strokeWidth={1.75} aria-hidden="true" />
          {t('settings.title')}
        </Link>
      )}
      <header className={classes.header}>
        <div className={classes.words}>
          <h1 className={classes.title}>{title}</h1>
          {lead ? <p className={classes.lead}>{lead}</p> : null}
        </div>
        {action ? <div className={classes.action}>{action}</div> : null}
      </header>
      {children}
    </article>
  );
}

/** How a link back to the list looks that a page was opened from. */
export const backLink = classes.back;

/** A part of a page under a heading of its own. */
export function Part({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.part}>
      <div>
        <h2 className={classes.partTitle}>{title}</h2>
        {lead ? <p className={classes.partLead}>{lead}</p> : null}
      </div>
      {children}
    </section>
  );
}
