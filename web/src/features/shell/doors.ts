import { IconInbox } from '~/ui/icons';

/** Where the rail and the bottom bar lead; only pages that exist. */
export const doors = [{ to: '/inbox', text: 'doors.inbox', Icon: IconInbox }] as const;
