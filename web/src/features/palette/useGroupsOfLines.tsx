import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation, Page } from '~/api/contract';
import { wordsFor } from '~/api/words';
import { listKey } from '~/features/conversations/api';
import { contactName } from '~/features/conversations/names';
import { filtersOf } from '~/features/conversations/search';
import type { ConversationActions } from '~/features/conversations/useActions';
import { membersQuery } from '~/features/session/api';
import { useMay } from '~/features/settings/sections';
import { overlays } from '~/features/shell/overlays';
import { Avatar } from '~/ui/Avatar';
import { toast } from '~/ui/toast';
import { type Command, type Step, useCommands } from './commands';
import { begins, ranked } from './match';
import { useNamed } from './named';
import { conversationOf, peopleQuery } from './people';

const PAUSE_MS = 120;
const RECENT = 4;

export interface Line {
  id: string;
  text: string;
  note?: string;
  icon: ReactNode;
  keys?: string[];
  leadsOn?: boolean;
  run: () => void;
}

export interface Group {
  name: 'people' | 'segments' | 'campaigns' | 'templates' | 'recent' | Command['group'];
  lines: Line[];
}

/** What is typed, once somebody has stopped for a moment. */
function usePaused(text: string): string {
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return paused;
}

interface Wish {
  conversation: Conversation | null;
  actions: ConversationActions | null;
  onOpen: (conversationId: string) => void;
  step: Step;
  typed: string;
  go: (step: Step) => void;
}

/** What fits what is typed: what is known here at once, what the server finds a moment later. */
export function useGroupsOfLines({ step, typed, conversation, actions, go, onOpen }: Wish) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const commands = useCommands(step, conversation, actions);
  const mayFind = useMay('contacts.read');
  const asked = usePaused(typed.trim());
  const find = useQuery({
    ...peopleQuery(asked),
    enabled: step === 'start' && mayFind && asked.length > 0,
    placeholderData: keepPreviousData,
  });
  const named = useNamed(asked, step === 'start' && typed.trim() !== '');
  const members = useQuery({ ...membersQuery, enabled: step === 'assign' });
  const looking =
    step === 'start' && typed.trim() !== ''
      ? asked !== typed.trim() || find.isLoading || find.isPlaceholderData || named.searching
      : members.isLoading;
  const closing = (line: Line): Line => ({
    ...line,
    run: () => {
      overlays.close();
      line.run();
    },
  });
  const open = (conversationId: string) => {
    overlays.close();
    onOpen(conversationId);
  };
  const openPerson = (contactId: string) => {
    overlays.close();
    conversationOf(contactId).then(onOpen, (error) => toast(wordsFor(t, error), { tone: 'danger' }));
  };
  const people: Line[] = (typed.trim() ? (find.data ?? []) : []).map((person) => ({
    id: person.id,
    text: person.name ?? person.profile_name ?? person.phone ?? t('contact.nameless'),
    note: person.phone ?? person.email ?? undefined,
    icon: <Avatar initials={person.initials} color={person.color} size={24} />,
    run: () => openPerson(person.id),
  }));
  const recent: Line[] =
    step === 'start' && !typed.trim()
      ? (client.getQueryData<Page<Conversation>>(listKey(filtersOf({})))?.data ?? [])
          .filter((each) => each.id !== conversation?.id)
          .slice(0, RECENT)
          .map((each) => ({
            id: each.id,
            text: contactName(each.contact, t),
            note: each.contact.phone ?? undefined,
            icon: <Avatar initials={each.contact.initials} color={each.contact.color} size={24} />,
            run: () => open(each.id),
          }))
      : [];
  const lineOf = (command: Command): Line => ({
    ...command,
    leadsOn: Boolean(command.step),
    run: () => {
      if (command.step) return go(command.step);
      overlays.close();
      command.run?.();
    },
  });
  const found = ranked(typed, commands);
  const groupOf = (name: Command['group']): Group => ({
    name,
    lines: found.filter((command) => command.group === name).map(lineOf),
  });
  // What was surely meant stands where it stood when people and names are found a moment later.
  const meant = typed.trim() !== '' && found.some(({ text, otherNames }) => begins(typed, text, otherNames));
  const general = [groupOf('do'), groupOf('goTo')];
  const groups: Group[] = [
    groupOf('choose'),
    groupOf('conversation'),
    ...(meant ? general : []),
    { name: 'people' as const, lines: people },
    { name: 'segments' as const, lines: named.segments.map(closing) },
    { name: 'campaigns' as const, lines: named.campaigns.map(closing) },
    { name: 'templates' as const, lines: named.templates.map(closing) },
    { name: 'recent' as const, lines: recent },
    ...(meant ? [] : general),
  ];
  return {
    groups: groups.filter(({ lines }) => lines.length > 0),
    meant,
    /** Whether what is shown is not all yet, or is of what was typed before. */
    searching: looking,
  };
}
