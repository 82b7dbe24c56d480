import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '~/api/contract';
import { laters } from '~/features/conversations/snooze';
import type { ConversationActions } from '~/features/conversations/useActions';
import { membersQuery, useSession } from '~/features/session/api';
import { useMay } from '~/features/settings/sections';
import { keysOf } from '~/features/shortcuts/shortcuts';
import { exact } from '~/lib/format';
import { Avatar, colorOf, initialsOf } from '~/ui/Avatar';
import { IconCheck, IconReopen, IconSnooze, IconTake, IconUnassign, IconUserPlus } from '~/ui/icons';
import type { Command, Step } from './commands';

const look = { size: 18, strokeWidth: 1.75 } as const;

/** What may be done to the open conversation, and the lists that two of these lead on to. */
export function useAboutConversation(
  step: Step,
  conversation: Conversation | null,
  actions: ConversationActions | null,
): Command[] {
  const { t } = useTranslation();
  const { member } = useSession();
  const may = useMay('conversations.write');
  const { data: members } = useQuery({ ...membersQuery, enabled: step === 'assign' });
  if (!conversation || !actions || !may) return [];
  if (step === 'assign')
    return (members ?? []).map((each) => ({
      id: `assign-${each.id}`,
      group: 'choose',
      text: each.name,
      note: each.id === conversation.assignee?.id ? t('palette.current') : each.email,
      otherNames: each.email,
      icon: <Avatar initials={initialsOf(each.name)} color={colorOf(each.email)} size={24} />,
      run: () => actions.assign(each),
    }));
  if (step === 'snooze')
    return laters(new Date()).map(({ name, at }) => ({
      id: `snooze-${name}`,
      group: 'choose',
      text: t(`palette.later.${name}`),
      note: exact(at.toISOString()),
      icon: <IconSnooze {...look} />,
      run: () => actions.snooze(at),
    }));
  const command = (id: string, rest: Omit<Command, 'id' | 'group'>): Command => ({
    id,
    group: 'conversation',
    ...rest,
  });
  const toMe = command('assign-me', {
    text: t('palette.assignMe'),
    icon: <IconTake {...look} />,
    run: () => actions.assign(member),
  });
  const toNobody = command('unassign', {
    text: t('palette.unassign'),
    icon: <IconUnassign {...look} />,
    run: () => actions.assign(null),
  });
  return [
    conversation.status === 'open'
      ? command('close', {
          text: t('palette.close'),
          otherNames: t('palette.names.close'),
          icon: <IconCheck {...look} />,
          keys: keysOf('close'),
          run: actions.close,
        })
      : command('reopen', {
          text: t('palette.reopen'),
          icon: <IconReopen {...look} />,
          keys: keysOf('close'),
          run: actions.reopen,
        }),
    ...(conversation.assignee?.id === member.id ? [] : [toMe]),
    command('assign', {
      text: t('palette.assign'),
      otherNames: t('palette.names.assign'),
      icon: <IconUserPlus {...look} />,
      keys: keysOf('assign'),
      step: 'assign',
    }),
    ...(conversation.assignee ? [toNobody] : []),
    command('snooze', {
      text: t('palette.snooze'),
      otherNames: t('palette.names.snooze'),
      icon: <IconSnooze {...look} />,
      step: 'snooze',
    }),
  ];
}
