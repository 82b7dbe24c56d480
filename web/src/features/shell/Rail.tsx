import { Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useSession } from '~/features/session/api';
import { IconSearch, IconSmartphone } from '~/ui/icons';
import { Mark } from '~/ui/Mark';
import { doors } from './doors';
import { overlays } from './overlays';
import { PersonMenu } from './PersonMenu';
import classes from './Rail.module.css';
import { UnreadBadge } from './UnreadBadge';

export function Rail() {
  const { t } = useTranslation();
  const { workspace, simulator_url } = useSession();
  return (
    <nav className={classes.rail} aria-label={t('shell.main')}>
      <Tooltip label={workspace.name} position="right">
        <Link to="/inbox" className={classes.mark} aria-label={t('shell.home', { name: workspace.name })}>
          <Mark size={30} />
        </Link>
      </Tooltip>
      <ul className={classes.doors}>
        {doors.map(({ to, text, Icon }) => (
          <li key={to}>
            <Tooltip label={t(text)} position="right">
              <Link to={to} className={classes.door} aria-label={t(text)}>
                <Icon size={20} strokeWidth={1.75} aria-hidden="true" />
                {to === '/inbox' ? <UnreadBadge /> : null}
              </Link>
            </Tooltip>
          </li>
        ))}
      </ul>
      <div className={classes.foot}>
        <Tooltip label={t('shell.search')} position="right">
          <button
            type="button"
            className={classes.door}
            aria-label={t('shell.search')}
            onClick={() => overlays.open('palette')}
          >
            <IconSearch size={20} strokeWidth={1.75} aria-hidden="true" />
          </button>
        </Tooltip>
        {simulator_url ? (
          <Tooltip label={t('shell.sandbox')} position="right">
            <a
              className={classes.door}
              href={simulator_url}
              target="_blank"
              rel="noreferrer"
              aria-label={t('shell.sandbox')}
            >
              <IconSmartphone size={20} strokeWidth={1.75} aria-hidden="true" />
            </a>
          </Tooltip>
        ) : null}
        <PersonMenu position="right-end" />
      </div>
    </nav>
  );
}
