import { useGroups, useMay } from '~/features/settings/sections';
import { IconCampaign, IconContact, IconInbox, IconSettings, IconTemplate } from '~/ui/icons';

const inbox = { to: '/inbox', text: 'doors.inbox', Icon: IconInbox } as const;
const contacts = { to: '/contacts', text: 'doors.contacts', Icon: IconContact } as const;
const campaigns = { to: '/campaigns', text: 'doors.campaigns', Icon: IconCampaign } as const;
const templates = { to: '/templates', text: 'doors.templates', Icon: IconTemplate } as const;
const settings = { to: '/settings', text: 'doors.settings', Icon: IconSettings } as const;

/** Where the rail and the bottom bar lead; only pages that exist and that the person may see. */
export function useDoors() {
  const groups = useGroups();
  const mayReadContacts = useMay('contacts.read');
  const mayReadCampaigns = useMay('campaigns.read');
  const mayReadTemplates = useMay('templates.read');
  return [
    inbox,
    ...(mayReadContacts ? [contacts] : []),
    ...(mayReadCampaigns ? [campaigns] : []),
    ...(mayReadTemplates ? [templates] : []),
    ...(groups.length > 0 ? [settings] : []),
  ];
}
