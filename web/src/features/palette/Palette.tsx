import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { conversationQuery } from '~/features/conversations/api';
import { knownConversation } from '~/features/conversations/cache';
import { useActions } from '~/features/conversations/useActions';
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
      {opened ? <Body conversationId={conversationId} /> : null}
    </dialog>
  );
}

/** One field from the first letter on: a conversation that is read meanwhile takes neither it nor the focus away. */
function Body({ conversationId: id = '' }: { conversationId: string | undefined }) {
  const client = useQueryClient();
  const { data } = useQuery({
    ...conversationQuery(id),
    enabled: id !== '',
    placeholderData: () => knownConversation(client, id),
  });
  const conversation = data ?? null;
  const actions = useActions(conversation);
  const navigate = useNavigate();
  const open = (conversationId: string) =>
    void navigate({ to: '/inbox/$conversationId', params: { conversationId }, search: {} });
  return <PaletteBody conversation={conversation} actions={actions} onOpen={open} />;
}
