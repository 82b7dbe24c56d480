import { Outlet, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { usePageTitle } from '~/lib/title';
import { ConversationList } from './ConversationList';
import classes from './InboxPage.module.css';
import { filtersOf } from './search';

/** The inbox: the list, and beside it what is open. */
export function InboxPage() {
  const { t } = useTranslation();
  usePageTitle(t('inbox.title'));
  const { conversationId } = useParams({ strict: false });
  const filters = filtersOf(useSearch({ from: '/signed-in/inbox' }));
  return (
    <div className={classes.inbox} data-open={conversationId ? true : undefined}>
      <h1 className="visually-hidden">{t('inbox.title')}</h1>
      <ConversationList filters={filters} selectedId={conversationId} />
      <Outlet />
    </div>
  );
}
