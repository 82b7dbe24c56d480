import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePageTitle } from '~/lib/title';
import { IconBack } from '~/ui/icons';
import { backLink, PageHead } from '~/ui/PageHead';
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
        <Link to="/settings" className={`${backLink} ${classes.narrow}`}>
          <IconBack size={16} strokeWidth={1.75} aria-hidden="true" />
          {t('settings.title')}
        </Link>
      )}
      <PageHead title={title} lead={lead} action={action} />
      {children}
    </article>
  );
}
