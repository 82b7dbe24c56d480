import { expect, test } from 'vitest';
import { ending, endOf, grantable, usualScopes } from './scopes';

const now = Date.parse('2026-03-01T12:00:00Z');

test('nobody is offered a scope that they do not have', () => {
  expect(grantable(['contacts.read', 'messages.send'])).toEqual([
    { name: 'messages', scopes: ['messages.send'] },
    { name: 'contacts', scopes: ['contacts.read'] },
  ]);
  expect(grantable([])).toEqual([]);
});

test('the usual scopes cannot change the workspace', () => {
  expect(usualScopes.filter((scope) => /members|settings|developers|operations|numbers/.test(scope))).toEqual(
    [],
  );
});

test('a key ends when its days are over, or never', () => {
  expect(endOf(30, now)).toBe('2026-03-31T12:00:00.000Z');
  expect(endOf(0, now)).toBeNull();
  expect(ending(null, now)).toBeNull();
  expect(ending('2026-04-01T00:00:00Z', now)).toBeNull();
  expect(ending('2026-03-05T00:00:00Z', now)).toBe('soon');
  expect(ending('2026-03-01T12:00:00Z', now)).toBe('ended');
});
