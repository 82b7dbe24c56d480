import { useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '~/api/contract';
import { laters } from '~/features/conversations/snooze';
import type { ConversationActions } from '~/features/conversations/useActions';
import { membersQuery, signOut, useSession } from '~/features/session/api';
import { useGroups, useMay } from '~/features/settings/sections';
import { overlays } from '~/features/shell/overlays';
import { keysOf } from '~/features/shortcuts/shortcuts';
import { exact } from '~/lib/format';
import { Avatar, colorOf, initialsOf } from '~/ui/Avatar';
import {
  IconBook,
  IconCampaign,
  IconCheck,
  IconDirection,
  IconInbox,
  IconKeyboard,
  IconLanguage,
  IconMoon,
  IconNewChat,
  IconReopen,
  IconSignOut,
  IconSmartphone,
  IconSnooze,
  IconSun,
  IconSystem,
  IconTake,
  IconTemplate,
  IconUnassign,
  IconUserPlus,
} from '~/ui/icons';

/** What the palette lists before a step is taken, and the lists that some commands lead on to. */
export type Step = 'start' | 'assign' | 'snooze';

export interface Command {
  id: string;
  group: 'conversation' | 'do' | 'goTo' | 'choose';
  text: string;
  icon: ReactNode;
  /** Found by these words too. */
  otherNames?: string;
  /** A second, quieter text. */
  note?: string;
  keys?: string[];
  /** Leads on to another list instead of doing something. */
  step?: Step;
  run?: () => void;
}

const look = { size: 18, strokeWidth: 1.75 } as const;

/** Everything that may be done from here, in the words of the reader. */
export function useCommands(
  step: Step,
  conversation: Conversation | null,
  actions: ConversationActions | null,
): Command[] {
  const about = useAboutConversation(step, conversation, actions);
  const general = useGeneral();
  const places = usePlaces();
  return step === 'start' ? [...about, ...general, ...places] : about;
}

function useAboutConversation(
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

function useGeneral(): Command[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { simulator_url, workspace } = useSession();
  const mayWrite = useMay('conversations.write');
  const mayTemplates = useMay('templates.write');
  const mayCampaigns = useMay('campaigns.write');
  return useMemo(() => {
    const command = (id: string, rest: Omit<Command, 'id' | 'group'>): Command => ({
      id,
      group: 'do',
      ...rest,
    });
    const schemes = (
      [
        ['auto', IconSystem],
        ['light', IconSun],
        ['dark', IconMoon],
      ] as const
    )
      .filter(([scheme]) => scheme !== colorScheme)
      .map(([scheme, Icon]) =>
        command(`theme-${scheme}`, {
          text: t(`palette.theme.${scheme}`),
          otherNames: t('palette.names.theme'),
          icon: <Icon {...look} />,
          run: () => setColorScheme(scheme),
        }),
      );
    const newChat = command('new-chat', {
      text: t('inbox.newChat'),
      otherNames: t('palette.names.newChat'),
      icon: <IconNewChat {...look} />,
      keys: keysOf('newChat'),
      run: () => overlays.open('newChat'),
    });
    const newTemplate = command('new-template', {
      text: t('palette.newTemplate'),
      otherNames: t('palette.names.newTemplate'),
      icon: <IconTemplate {...look} />,
      run: () => void navigate({ to: '/templates/new' }),
    });
    const newCampaign = command('new-campaign', {
      text: t('palette.newCampaign'),
      otherNames: t('palette.names.newCampaign'),
      icon: <IconCampaign {...look} />,
      run: () => void navigate({ to: '/campaigns', search: { new: true } }),
    });
    const sandbox = simulator_url
      ? [
          command('sandbox', {
            text: t('palette.sandbox'),
            otherNames: t('palette.names.sandbox'),
            icon: <IconSmartphone {...look} />,
            run: () => void window.open(simulator_url, '_blank', 'noreferrer'),
          }),
        ]
      : [];
    // English is the only language so far; the demo lets one see what a longer one, or one that
    // runs from right to left, will do.
    const languages = workspace.demo
      ? [
          command('language', {
            text: t('palette.language'),
            otherNames: t('palette.names.language'),
            icon: <IconLanguage {...look} />,
            run: () => again({ lang: 'pseudo' in document.documentElement.dataset ? 'en' : 'pseudo' }),
          }),
          command('direction', {
            text: t('palette.direction'),
            otherNames: t('palette.names.language'),
            icon: <IconDirection {...look} />,
            run: () => again({ dir: document.documentElement.dir === 'rtl' ? 'ltr' : 'rtl' }),
          }),
        ]
      : [];
    return [
      ...(mayWrite ? [newChat] : []),
      ...(mayCampaigns ? [newCampaign] : []),
      ...(mayTemplates ? [newTemplate] : []),
      ...schemes,
      ...languages,
      ...sandbox,
      command('shortcuts', {
        text: t('shell.shortcuts'),
        otherNames: t('palette.names.shortcuts'),
        icon: <IconKeyboard {...look} />,
        keys: keysOf('shortcuts'),
        run: () => overlays.open('shortcuts'),
      }),
      command('sign-out', {
        text: t('shell.signOut'),
        otherNames: t('palette.names.signOut'),
        icon: <IconSignOut {...look} />,
        run: () => void signOut().then(() => navigate({ to: '/sign-in' })),
      }),
    ];
  }, [
    t,
    navigate,
    colorScheme,
    setColorScheme,
    simulator_url,
    workspace.demo,
    mayWrite,
    mayTemplates,
    mayCampaigns,
  ]);
}

/** Loads the page again with another language or direction in its address. */
function again(change: Record<string, string>): void {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(change)) url.searchParams.set(name, value);
  location.assign(url);
}

function usePlaces(): Command[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const groups = useGroups();
  const developer = useMay('developers.manage');
  const mayTemplates = useMay('templates.read');
  const mayReadCampaigns = useMay('campaigns.read');
  const place = (id: string, text: string, icon: ReactNode, run: () => void, note?: string): Command => ({
    id: `go-${id}`,
    group: 'goTo',
    text,
    note,
    otherNames: t('palette.names.goTo'),
    icon,
    run,
  });
  const views = (['all', 'mine', 'unassigned'] as const).map((view) =>
    place(
      view,
      t(`palette.inbox.${view}`),
      <IconInbox {...look} />,
      () => void navigate({ to: '/inbox', search: view === 'all' ? {} : { view } }),
    ),
  );
  const statuses = (['snoozed', 'closed'] as const).map((status) =>
    place(
      status,
      t(`palette.inbox.${status}`),
      <IconInbox {...look} />,
      () => void navigate({ to: '/inbox', search: { status } }),
    ),
  );
  const templates = mayTemplates
    ? [
        place(
          'templates',
          t('doors.templates'),
          <IconTemplate {...look} />,
          () => void navigate({ to: '/templates' }),
        ),
      ]
    : [];
  const settings = groups.flatMap(({ sections }) =>
    sections.map(({ to, name, Icon }) =>
      place(
        name,
        t(`settings.sections.${name}`),
        <Icon {...look} />,
        () => void navigate({ to }),
        t('settings.title'),
      ),
    ),
  );
  const reference = developer
    ? [
        place(
          'reference',
          t('settings.reference'),
          <IconBook {...look} />,
          () => void window.open('/api/docs', '_blank', 'noreferrer'),
        ),
      ]
    : [];
  const campaigns = mayReadCampaigns
    ? [
        place(
          'campaigns',
          t('doors.campaigns'),
          <IconCampaign {...look} />,
          () => void navigate({ to: '/campaigns' }),
        ),
      ]
    : [];
  return [...views, ...statuses, ...campaigns, ...templates, ...settings, ...reference];
}
