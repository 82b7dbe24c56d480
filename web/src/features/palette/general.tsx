import { useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { signOut, useSession } from '~/features/session/api';
import { useMay } from '~/features/settings/sections';
import { overlays } from '~/features/shell/overlays';
import { keysOf } from '~/features/shortcuts/shortcuts';
import {
  IconCampaign,
  IconDirection,
  IconKeyboard,
  IconLanguage,
  IconMoon,
  IconNewChat,
  IconSignOut,
  IconSmartphone,
  IconSun,
  IconSystem,
  IconTemplate,
  IconUpload,
  IconUserPlus,
} from '~/ui/icons';
import type { Command } from './commands';

const look = { size: 18, strokeWidth: 1.75 } as const;

/** What may be done wherever one is. */
export function useGeneral(): Command[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { simulator_url, workspace } = useSession();
  const mayWrite = useMay('conversations.write');
  const mayTemplates = useMay('templates.write');
  const mayCampaigns = useMay('campaigns.write');
  const mayContacts = useMay('contacts.write');
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
    const newContact = command('new-contact', {
      text: t('palette.newContact'),
      otherNames: t('palette.names.newContact'),
      icon: <IconUserPlus {...look} />,
      run: () => void navigate({ to: '/contacts', search: { new: true } }),
    });
    const importContacts = command('import-contacts', {
      text: t('palette.importContacts'),
      otherNames: t('palette.names.importContacts'),
      icon: <IconUpload {...look} />,
      run: () => void navigate({ to: '/contacts/import' }),
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
      ...(mayContacts ? [newContact, importContacts] : []),
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
    mayContacts,
  ]);
}

/** Loads the page again with another language or direction in its address. */
function again(change: Record<string, string>): void {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(change)) url.searchParams.set(name, value);
  location.assign(url);
}
