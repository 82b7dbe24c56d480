import { useGroups } from '~/features/settings/sections';
import { IconInbox, IconSettings } from '~/ui/icons';

const inbox = { to: '/inbox', text: 'doors.inbox', Icon: IconInbox } as const;
const settings = { to: '/settings', text: 'doors.settings', Icon: IconSettings } as const;

/** Where the rail and the bottom bar lead; only pages that exist and that the person may see. */
export function useDoors() {
  const groups = useGroups();
  return groups.length > 0 ? [inbox, settings] : [inbox];
}
