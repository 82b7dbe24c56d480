import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '~/api/contract';
import { conversationQuery } from '~/features/conversations/api';
import { knownConversation } from '~/features/conversations/cache';
import { type ConversationActions, useActions } from '~/features/conversations/useActions';
import { overlays, useOverlay } from '~/features/shell/overlays';
import classes from './Palette.module.css';
import { PaletteBody } from './PaletteBody';

/** Everything at one's fingertips: go to, do, find a person. */
export default function Palette() {
  const { t } = useTranslation();
  const opened = useOverlay() === 'palette';
  const sheet = useRef<HTMLDialogElement>(null);
  const { conversationId } = useParams({ strict: false });
  useEffect(() => {
    const shown = sheet.current;
    if (!shown) return;
    if (opened && !shown.open) shown.showModal();
    if (!opened && shown.open) shown.close();
  }, [opened]);
  return (
    <dialog
      ref={sheet}
      className={classes.palette}
      aria-label={t('shell.search')}
      onClose={() => opened && overlays.close()}
      onClick={(event) => event.target === sheet.current && overlays.close()}
      onKeyDown={(event) => event.stopPropagation()}
    >
      {opened ? (
        conversationId ? (
          <InConversation id={conversationId} />
        ) : (
          <Body conversation={null} actions={null} />
        )
      ) : null}
    </dialog>
  );
}

function InConversation({ id }: { id: string }) {
  const client = useQueryClient();
  const { data } = useQuery({
    ...conversationQuery(id),
    placeholderData: () => knownConversation(client, id),
  });
  return data ? <WithActions conversation={data} /> : <Body conversation={null} actions={null} />;
}

function WithActions({ conversation }: { conversation: Conversation }) {
  return <Body conversation={conversation} actions={useActions(conversation)} />;
}

function Body(props: { conversation: Conversation | null; actions: ConversationActions | null }) {
  const navigate = useNavigate();
  const open = (conversationId: string) =>
    void navigate({ to: '/inbox/$conversationId', params: { conversationId }, search: {} });
  return <PaletteBody {...props} onOpen={open} />;
}
