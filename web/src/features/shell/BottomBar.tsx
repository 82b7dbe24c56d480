import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import classes from './BottomBar.module.css';
import { useDoors } from './doors';
import { PersonMenu } from './PersonMenu';
import { UnreadBadge } from './UnreadBadge';

/** The rail of a phone; what it has no room for is in the person's menu. */
export function BottomBar() {
  const { t } = useTranslation();
  const doors = useDoors();
  return (
    <nav className={classes.bar} aria-label={t('shell.main')}>
      {doors.map(({ to, text, Icon }) => (
        <Link key={to} to={to} className={classes.door}>
          <span className={classes.icon}>
            <Icon size={22} strokeWidth={1.75} aria-hidden="true" />
            {to === '/inbox' ? <UnreadBadge /> : null}
          </span>
          <span>{t(text)}</span>
        </Link>
      ))}
      <span className={classes.door}>
        <PersonMenu placement={{ side: 'above', align: 'end' }} size={26} />
        <span aria-hidden="true">{t('shell.you')}</span>
      </span>
    </nav>
  );
}
