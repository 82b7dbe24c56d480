import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePageTitle } from '~/lib/title';
import { Mark } from '~/ui/Mark';
import { FlagField } from './FlagField';
import classes from './Gate.module.css';

/** What is drawn before anyone is signed in: a form on one side, flags on the other. */
export function Gate({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  const { t } = useTranslation();
  usePageTitle(title);
  return (
    <main className={classes.gate}>
      <section className={classes.side}>
        <div className={classes.brand}>
          <Mark size={28} />
          <span>{t('app.name')}</span>
        </div>
        <div className={classes.form}>
          <h1 className={classes.title}>{title}</h1>
          {lead ? <p className={classes.lead}>{lead}</p> : null}
          {children}
        </div>
        <p className={classes.foot}>{t('app.promise')}</p>
      </section>
      <div className={classes.flags}>
        <FlagField />
      </div>
    </main>
  );
}
