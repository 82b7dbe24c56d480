import { useGroups, useMay } from '~/features/settings/sections';
import { IconCampaign, IconInbox, IconSettings } from '~/ui/icons';

const inbox = { to: '/inbox', text: 'doors.inbox', Icon: IconInbox } as const;
const campaigns = { to: '/campaigns', text: 'doors.campaigns', Icon: IconCampaign } as const;
const settings = { to: '/settings', text: 'doors.settings', Icon: IconSettings } as const;

/** Where the rail and the bottom bar lead; only pages that exist and that the person may see. */
export function useDoors() {
  const groups = useGroups();
  const mayReadCampaigns = useMay('campaigns.read');
  return [inbox, ...(mayReadCampaigns ? [campaigns] : []), ...(groups.length > 0 ? [settings] : [])];
}
