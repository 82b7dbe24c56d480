import { Link, Outlet, useLocation, useMatchRoute } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Problem } from '~/api/problem';
import { useSession } from '~/features/session/api';
import { IconBook, IconChevronRight, IconExternal } from '~/ui/icons';
import { ErrorState } from '~/ui/States';
import classes from './SettingsPage.module.css';
import { opens, useGroups, useMay } from './sections';

const forbidden = new Problem({ status: 403, code: 'forbidden' });

/** The settings: their own navigation beside the page that is open; one of the two on a phone. */
export function SettingsPage() {
  const { t } = useTranslation();
  const groups = useGroups();
  const developer = useMay('developers.manage');
  const open = opens(useSession().permissions, useLocation().pathname);
  const atHome = Boolean(useMatchRoute()({ to: '/settings' }));
  return (
    <div className={classes.settings} data-home={atHome || undefined}>
      <nav className={classes.nav} aria-label={t('settings.title')}>
        <p className={classes.title}>{t('settings.title')}</p>
        {groups.map(({ name, sections }) => (
          <div key={name} className={classes.group}>
            <h2 className={classes.groupName}>{t(`settings.groups.${name}`)}</h2>
            <ul>
              {sections.map(({ to, name: section, Icon }) => (
                <li key={to}>
                  <Link to={to} className={classes.section}>
                    <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
                    <span>{t(`settings.sections.${section}`)}</span>
                    <IconChevronRight size={16} className={classes.more} aria-hidden="true" />
                  </Link>
                </li>
              ))}
              {name === 'developers' && developer ? (
                <li>
                  <a className={classes.section} href="/api/docs" target="_blank" rel="noreferrer">
                    <IconBook size={18} strokeWidth={1.75} aria-hidden="true" />
                    <span>{t('settings.reference')}</span>
                    <IconExternal size={14} className={classes.away} aria-hidden="true" />
                  </a>
                </li>
              ) : null}
            </ul>
          </div>
        ))}
      </nav>
      <div className={classes.page}>
        {open ? <Outlet /> : <ErrorState error={forbidden} retry={() => undefined} />}
      </div>
    </div>
  );
}

/** What a wide screen shows before a page is chosen is the first page; a phone shows the navigation. */
export function SettingsHome() {
  const { t } = useTranslation();
  return <h1 className="visually-hidden">{t('settings.title')}</h1>;
}
