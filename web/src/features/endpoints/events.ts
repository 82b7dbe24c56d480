import type { Endpoint, WebhookForm } from '~/api/contract';

/** What an endpoint may be told of, by noun. */
export const eventGroups = [
  { name: 'messages', events: ['message.received', 'message.sent', 'message.status', 'message.clicked'] },
  {
    name: 'conversations',
    events: ['conversation.assigned', 'conversation.closed', 'conversation.opened', 'conversation.snoozed'],
  },
  { name: 'contacts', events: ['contact.created', 'contact.changed', 'consent.changed', 'event.tracked'] },
  { name: 'sending', events: ['campaign.changed', 'template.changed', 'template.measured'] },
  {
    name: 'accounts',
    events: [
      'account.alerted',
      'account.changed',
      'account.reviewed',
      'account.limits_changed',
      'number.changed',
    ],
  },
] as const;

export type WebhookEvent = (typeof eventGroups)[number]['events'][number];

/** What Interakt’s form has types for. */
const interakt: readonly WebhookEvent[] = [
  'message.received',
  'message.status',
  'message.clicked',
  'template.changed',
  'template.measured',
  'account.alerted',
  'account.changed',
  'account.reviewed',
  'account.limits_changed',
  'number.changed',
];

/** The events that can be told in a form, by noun. */
export const groupsOf = (form: WebhookForm) =>
  eventGroups
    .map(({ name, events }) => ({
      name,
      events: events.filter((event: WebhookEvent) => form === 'wigwag' || interakt.includes(event)),
    }))
    .filter(({ events }) => events.length > 0);

/** How an endpoint is, in one word: what is worst counts. */
export type Health = 'off' | 'gone' | 'unreachable' | 'failing' | 'unused' | 'well';

export function healthOf(endpoint: Endpoint): Health {
  if (!endpoint.enabled) return endpoint.off_reason === 'gone' ? 'gone' : 'off';
  if (endpoint.unreachable) return 'unreachable';
  if (endpoint.failures > 0) return 'failing';
  return endpoint.last_success_at ? 'well' : 'unused';
}
