import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Contact } from '~/api/contract';
import { wordsFor } from '~/api/words';
import type { Filter } from '~/features/audience/contract';
import { WhyTree } from '~/features/audience/WhyTree';
import { startConversation } from '~/features/conversations/api';
import { useMay } from '~/features/settings/sections';
import { IconInbox, IconNewChat } from '~/ui/icons';
import { toast } from '~/ui/toast';
import { contactQuery } from './api';
import { ContactPanel, Section } from './ContactPanel';
import { PersonActions } from './PersonActions';
import classes from './PersonSheet.module.css';

interface Props {
  contactId: string;
  /** Known from the list, before the rest is. */
  face?: Pick<Contact, 'initials' | 'color'>;
  /** What the list is filtered by; its answer for this person is told. */
  filter: Filter | null;
  /** What that filter is called, where it has a name. */
  name?: string;
  over: boolean;
  onClose: () => void;
}

/** Somebody from the list: who it is, the way to the chat, and why the filter finds them or not. */
export function PersonSheet({ contactId, face, filter, name, over, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <ContactPanel contactId={contactId} face={face} over={over} onClose={onClose}>
      <Chats contactId={contactId} onGone={onClose} />
      {filter ? (
        <Section title={t('why.title')}>
          <WhyTree filter={filter} contactId={contactId} name={name} />
        </Section>
      ) : null}
    </ContactPanel>
  );
}

function Chats({ contactId, onGone }: { contactId: string; onGone: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayWrite = useMay('conversations.write');
  const { data: contact } = useQuery(contactQuery(contactId));
  const open = (conversationId: string) =>
    navigate({ to: '/inbox/$conversationId', params: { conversationId }, search: {} });
  const start = useMutation({
    mutationFn: () => startConversation({ contact_id: contactId }),
    onSuccess: ({ id }) => open(id),
    onError: (error) => toast(wordsFor(t, error), { tone: 'danger' }),
  });
  if (!contact) return null;
  const { conversations } = contact;
  return (
    <div className={classes.chats}>
      {conversations.map(({ id, number_name: number }) => (
        <Button
          key={id}
          renderRoot={(props: object) => (
            <Link {...props} to="/inbox/$conversationId" params={{ conversationId: id }} />
          )}
          variant="default"
          size="xs"
          leftSection={<IconInbox size={14} strokeWidth={1.75} aria-hidden="true" />}
        >
          {conversations.length > 1 ? t('contacts.openChatWith', { number }) : t('contacts.openChat')}
        </Button>
      ))}
      {conversations.length === 0 && mayWrite && contact.phone ? (
        <Button
          variant="default"
          size="xs"
          loading={start.isPending}
          leftSection={<IconNewChat size={14} strokeWidth={1.75} aria-hidden="true" />}
          onClick={() => start.mutate()}
        >
          {t('contacts.startChat')}
        </Button>
      ) : null}
      <PersonActions contactId={contactId} onGone={onGone} />
    </div>
  );
}
