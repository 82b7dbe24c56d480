import type { Permission } from '~/api/contract';
import { useSession } from '~/features/session/api';
import {
  IconActivity,
  IconBan,
  IconDeadLetter,
  IconKey,
  IconLink,
  IconPhone,
  IconSend,
  IconUsers,
  IconWebhook,
} from '~/ui/icons';

/** Every page of the settings, in its group, with what one must be allowed to read there. */
const groups = [
  {
    name: 'whatsapp',
    sections: [{ to: '/settings/numbers', name: 'numbers', Icon: IconPhone, needs: 'numbers.read' }],
  },
  {
    name: 'workspace',
    sections: [
      { to: '/settings/members', name: 'members', Icon: IconUsers, needs: 'members.read' },
      { to: '/settings/opt-out', name: 'optOut', Icon: IconBan, needs: 'settings.manage' },
    ],
  },
  {
    name: 'developers',
    sections: [
      { to: '/settings/api-keys', name: 'apiKeys', Icon: IconKey, needs: 'developers.manage' },
      { to: '/settings/webhook', name: 'webhook', Icon: IconWebhook, needs: 'developers.manage' },
      { to: '/settings/hooks', name: 'hooks', Icon: IconLink, needs: 'developers.manage' },
      {
        to: '/settings/endpoints',
        name: 'endpoints',
        Icon: IconSend,
        needs: 'developers.manage',
      },
      { to: '/settings/calls', name: 'calls', Icon: IconActivity, needs: 'developers.manage' },
    ],
  },
  {
    name: 'operations',
    sections: [
      { to: '/settings/dead-letters', name: 'deadLetters', Icon: IconDeadLetter, needs: 'operations.manage' },
    ],
  },
] as const satisfies { name: string; sections: { needs: Permission; [key: string]: unknown }[] }[];

export type SectionPath = (typeof groups)[number]['sections'][number]['to'];

/** The groups that the permissions open, without those that are empty. */
export const groupsFor = (permissions: readonly Permission[]) =>
  groups
    .map(({ name, sections }) => ({
      name,
      sections: sections.filter(({ needs }) => permissions.includes(needs)),
    }))
    .filter(({ sections }) => sections.length > 0);

/** Whether the permissions open the page at an address; what is no page of the settings is open. */
export const opens = (permissions: readonly Permission[], path: string): boolean =>
  groups
    .flatMap(({ sections }): readonly { to: string; needs: Permission }[] => sections)
    .every(({ to, needs }) => permissions.includes(needs) || !(path === to || path.startsWith(`${to}/`)));

export const useGroups = () => groupsFor(useSession().permissions);

/** Whether the person who is signed in may do something. */
export const useMay = (permission: Permission): boolean => useSession().permissions.includes(permission);
