import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '~/api/problem';
import { ContactPanel } from '~/features/contacts/ContactPanel';
import { EmptyState, ErrorState } from '~/ui/States';
import { conversationQuery } from './api';
import classes from './ConversationPage.module.css';
import { knownConversation } from './cache';
import { PaneSkeleton } from './PaneSkeleton';
import { ThreadPane } from './ThreadPane';

const Lightbox = lazy(() => import('~/features/media/ThreadLightbox'));
const setting = 'wigwag-panel';
const isNarrow = () => matchMedia('(max-width: 1180px)').matches;

/** Whether the panel is folded out: remembered where it has a place beside the thread, shut where it lies over it. */
function usePanel(conversationId: string): [boolean, (open: boolean) => void] {
  const [open, setOpen] = useState(() => !isNarrow() && localStorage.getItem(setting) !== 'off');
  const [before, setBefore] = useState(conversationId);
  if (before !== conversationId) {
    setBefore(conversationId);
    if (isNarrow()) setOpen(false);
  }
  return [
    open,
    (next) => {
      if (!isNarrow()) localStorage.setItem(setting, next ? 'on' : 'off');
      setOpen(next);
    },
  ];
}

/** The thread of the conversation in the address, with its person beside it. */
export function ConversationPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { conversationId = '' } = useParams({ strict: false });
  const [panel, setPanel] = usePanel(conversationId);
  const { data, error, refetch } = useQuery({
    ...conversationQuery(conversationId),
    placeholderData: () => knownConversation(client, conversationId),
  });
  if (!data) {
    if (error instanceof Problem && error.status === 404)
      return (
        <div className={classes.wrong}>
          <EmptyState title={t('conversation.gone')}>{t('conversation.goneText')}</EmptyState>
        </div>
      );
    if (error)
      return (
        <div className={classes.wrong}>
          <ErrorState error={error} retry={refetch} />
        </div>
      );
    return <PaneSkeleton />;
  }
  return (
    <div className={classes.page} data-panel={panel || undefined}>
      <ThreadPane key={data.id} conversation={data} panel={panel} onPanel={() => setPanel(!panel)} />
      {panel ? (
        <>
          <button
            type="button"
            className={classes.scrim}
            tabIndex={-1}
            aria-label={t('panel.fold')}
            onClick={() => setPanel(false)}
          />
          <ContactPanel
            key={data.contact.id}
            contactId={data.contact.id}
            face={data.contact}
            conversationId={data.id}
            over={isNarrow()}
            onClose={() => setPanel(false)}
          />
        </>
      ) : null}
      <Suspense fallback={null}>
        <Lightbox conversationId={data.id} />
      </Suspense>
    </div>
  );
}
