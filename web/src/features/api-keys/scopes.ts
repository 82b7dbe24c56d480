import type { Permission } from '~/api/contract';

/** The permissions of a key as people choose them: what it is about, and how far it may go. */
export const scopeGroups = [
  { name: 'conversations', scopes: ['conversations.read', 'conversations.write'] },
  { name: 'messages', scopes: ['messages.send'] },
  { name: 'contacts', scopes: ['contacts.read', 'contacts.write', 'contacts.export', 'contacts.erase'] },
  { name: 'templates', scopes: ['templates.read', 'templates.write'] },
  { name: 'campaigns', scopes: ['campaigns.read', 'campaigns.write', 'campaigns.send'] },
  { name: 'numbers', scopes: ['numbers.read', 'numbers.write'] },
  { name: 'members', scopes: ['members.read', 'members.write'] },
  { name: 'administration', scopes: ['settings.manage', 'developers.manage', 'operations.manage'] },
] as const satisfies { name: string; scopes: Permission[] }[];

export type Scope = (typeof scopeGroups)[number]['scopes'][number];

/** What a program that answers customers needs. */
export const usualScopes: Scope[] = [
  'conversations.read',
  'messages.send',
  'contacts.read',
  'contacts.write',
  'templates.read',
];

/** The groups with the scopes that somebody may hand on: nobody gives a key more than they have. */
export const grantable = (permissions: readonly Permission[]) =>
  scopeGroups
    .map(({ name, scopes }) => ({
      name,
      scopes: (scopes as readonly Scope[]).filter((scope) => permissions.includes(scope)),
    }))
    .filter(({ scopes }) => scopes.length > 0);

/** The sites of a publishable key as they were typed, one in a line or between commas. */
export const originsOf = (text: string): string[] => [...new Set(text.split(/[\s,]+/).filter(Boolean))];

const DAY = 86_400_000;

/** How long a key lives, in days; 0 is for ever. */
export const lives = [30, 90, 365, 0] as const;

export const endOf = (days: number, now: number): string | null =>
  days === 0 ? null : new Date(now + days * DAY).toISOString();

/** Whether a key has ended, or ends within a week. */
export function ending(expiresAt: string | null, now: number): 'ended' | 'soon' | null {
  if (!expiresAt) return null;
  const left = Date.parse(expiresAt) - now;
  if (left <= 0) return 'ended';
  return left < 7 * DAY ? 'soon' : null;
}
