import { useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ConversationList } from './ConversationList';
import classes from './InboxPage.module.css';
import { NothingOpen } from './NothingOpen';
import { filtersOf } from './search';

/** The inbox: the list, the thread, the person. */
export function InboxPage() {
  const { t } = useTranslation();
  const { conversationId } = useParams({ strict: false });
  const filters = filtersOf(useSearch({ from: '/signed-in/inbox' }));
  return (
    <div className={classes.inbox}>
      <h1 className="visually-hidden">{t('inbox.title')}</h1>
      <ConversationList filters={filters} selectedId={conversationId} />
      <NothingOpen />
    </div>
  );
}
