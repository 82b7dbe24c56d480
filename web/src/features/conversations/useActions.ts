import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '~/api/contract';
import { wordsFor } from '~/api/words';
import { useMe } from '~/features/session/api';
import { exact } from '~/lib/format';
import { toast } from '~/ui/toast';
import { assignConversation, closeConversation, reopenConversation, snoozeConversation } from './api';
import { applyConversation, recount } from './cache';

export interface ConversationActions {
  assign: (who: { id: string; name: string } | null) => void;
  close: () => void;
  reopen: () => void;
  snooze: (until: Date) => void;
}

/** What members do to a conversation; each says that it is done and can be taken back. */
export function useActions(conversation: Conversation): ConversationActions;
export function useActions(conversation: Conversation | null): ConversationActions | null;
export function useActions(conversation: Conversation | null): ConversationActions | null {
  const { t } = useTranslation();
  const client = useQueryClient();
  const me = useMe().id;
  if (!conversation) return null;
  const { id, assignee, status, snoozed_until } = conversation;

  const apply = async (act: () => Promise<Conversation>): Promise<boolean> => {
    try {
      applyConversation(client, await act(), me);
      recount(client);
      return true;
    } catch (error) {
      toast(wordsFor(t, error), { tone: 'danger' });
      return false;
    }
  };
  const run = async (act: () => Promise<Conversation>, said: string, undo: () => Promise<Conversation>) => {
    if (await apply(act)) toast(said, { action: { text: t('actions.undo'), run: () => void apply(undo) } });
  };
  /** Back to how it was before. */
  const asBefore = () => {
    if (status === 'closed') return closeConversation(id);
    if (status === 'snoozed' && snoozed_until) return snoozeConversation(id, new Date(snoozed_until));
    return reopenConversation(id);
  };
  return {
    assign: (who) => {
      if (who?.id === assignee?.id) return;
      const said = who ? t('conversation.assigned', { name: who.name }) : t('conversation.unassigned');
      void run(
        () => assignConversation(id, who?.id ?? null),
        said,
        () => assignConversation(id, assignee?.id ?? null),
      );
    },
    close: () => void run(() => closeConversation(id), t('conversation.closed'), asBefore),
    reopen: () => void run(() => reopenConversation(id), t('conversation.reopened'), asBefore),
    snooze: (until) =>
      void run(
        () => snoozeConversation(id, until),
        t('conversation.snoozed', { time: exact(until.toISOString()) }),
        asBefore,
      ),
  };
}
