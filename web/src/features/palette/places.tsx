import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useGroups, useMay } from '~/features/settings/sections';
import { IconBook, IconCampaign, IconContact, IconInbox, IconTemplate } from '~/ui/icons';
import type { Command } from './commands';

const look = { size: 18, strokeWidth: 1.75 } as const;

/** Where one may go. */
export function usePlaces(): Command[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const groups = useGroups();
  const developer = useMay('developers.manage');
  const mayTemplates = useMay('templates.read');
  const mayReadCampaigns = useMay('campaigns.read');
  const mayReadContacts = useMay('contacts.read');
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
  const contacts = mayReadContacts
    ? [
        place(
          'contacts',
          t('doors.contacts'),
          <IconContact {...look} />,
          () => void navigate({ to: '/contacts', search: {} }),
        ),
      ]
    : [];
  return [...views, ...statuses, ...contacts, ...campaigns, ...templates, ...settings, ...reference];
}
