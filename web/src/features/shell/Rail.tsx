import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useSession } from '~/features/session/api';
import { IconSearch, IconSmartphone } from '~/ui/icons';
import { Mark } from '~/ui/Mark';
import { useDoors } from './doors';
import { overlays } from './overlays';
import { PersonMenu } from './PersonMenu';
import classes from './Rail.module.css';
import { UnreadBadge } from './UnreadBadge';

export function Rail() {
  const { t } = useTranslation();
  const doors = useDoors();
  const { workspace, simulator_url } = useSession();
  return (
    <nav className={classes.rail} aria-label={t('shell.main')}>
      <Link
        to="/inbox"
        className={classes.mark}
        data-tip={workspace.name}
        data-tip-side="beside"
        aria-label={t('shell.home', { name: workspace.name })}
      >
        <Mark size={30} />
      </Link>
      <ul className={classes.doors}>
        {doors.map(({ to, text, Icon }) => (
          <li key={to}>
            <Link to={to} className={classes.door} data-tip={t(text)} data-tip-side="beside">
              <Icon size={20} strokeWidth={1.75} aria-hidden="true" />
              <span className="visually-hidden">{t(text)}</span>
              {to === '/inbox' ? <UnreadBadge /> : null}
            </Link>
          </li>
        ))}
      </ul>
      <div className={classes.foot}>
        <button
          type="button"
          className={classes.door}
          data-tip={t('shell.search')}
          data-tip-side="beside"
          aria-label={t('shell.search')}
          onClick={() => overlays.open('palette')}
        >
          <IconSearch size={20} strokeWidth={1.75} aria-hidden="true" />
        </button>
        {simulator_url ? (
          <a
            className={classes.door}
            href={simulator_url}
            target="_blank"
            rel="noreferrer"
            data-tip={t('shell.sandbox')}
            data-tip-side="beside"
            aria-label={t('shell.sandbox')}
          >
            <IconSmartphone size={20} strokeWidth={1.75} aria-hidden="true" />
          </a>
        ) : null}
        <PersonMenu placement={{ side: 'beside', align: 'end' }} />
      </div>
    </nav>
  );
}
