import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { countsQuery } from '~/features/conversations/api';
import { count } from '~/lib/format';
import classes from './UnreadBadge.module.css';

const MOST = 99;

/** How many conversations wait for a person: the one yellow thing in the shell. */
export function UnreadBadge() {
  const { t } = useTranslation();
  const { data } = useQuery(countsQuery);
  if (!data?.unread) return null;
  return (
    <span className={classes.badge}>
      <span aria-hidden="true">
        {data.unread > MOST ? t('shell.more', { count: MOST }) : count(data.unread)}
      </span>
      <span className="visually-hidden">{t('shell.unread', { count: data.unread })}</span>
    </span>
  );
}
