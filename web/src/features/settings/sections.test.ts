import { expect, test } from 'vitest';
import { groupsFor, opens } from './sections';

const agent = ['conversations.read', 'templates.read', 'numbers.read', 'members.read'] as const;

test('only doors that the permissions open are shown, and no empty group', () => {
  expect(groupsFor(agent).map(({ name, sections }) => [name, sections.length])).toEqual([
    ['whatsapp', 1],
    ['workspace', 1],
  ]);
  expect(groupsFor([])).toEqual([]);
});

test('an address is closed to those without the permission of its page, whatever stands behind it', () => {
  expect(opens(agent, '/settings/numbers/1')).toBe(true);
  expect(opens(agent, '/settings')).toBe(true);
  expect(opens(agent, '/settings/api-keys')).toBe(false);
  expect(opens([], '/settings/numbers/1')).toBe(false);
});
