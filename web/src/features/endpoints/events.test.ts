import { expect, test } from 'vitest';
import type { Endpoint } from '~/api/contract';
import { groupsOf, healthOf } from './events';
import { endpointSearch } from './search';

const endpoint = (part: Partial<Endpoint>): Endpoint => ({
  id: 'endpoint_1',
  name: 'Books',
  url: 'https://books.example/hooks',
  form: 'wigwag',
  events: [],
  enabled: true,
  off_reason: null,
  failures: 0,
  failing_since: null,
  unreachable: false,
  rest_until: null,
  last_success_at: null,
  previous_secret_until: null,
  created_at: '2026-11-23T09:00:00Z',
  ...part,
});

test('what is worst of an endpoint is what is shown', () => {
  expect(healthOf(endpoint({}))).toBe('unused');
  expect(healthOf(endpoint({ last_success_at: '2026-11-23T09:00:00Z' }))).toBe('well');
  expect(healthOf(endpoint({ last_success_at: '2026-11-23T09:00:00Z', failures: 1 }))).toBe('failing');
  expect(healthOf(endpoint({ failures: 90, unreachable: true }))).toBe('unreachable');
  expect(healthOf(endpoint({ enabled: false, failures: 90, unreachable: true }))).toBe('off');
  expect(healthOf(endpoint({ enabled: false, off_reason: 'gone' }))).toBe('gone');
});

test('Interakt’s form offers only what it has types for', () => {
  expect(groupsOf('interakt').flatMap(({ events }) => events)).toEqual([
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
  ]);
  expect(groupsOf('wigwag').flatMap(({ events }) => events)).toHaveLength(20);
});

test('an address with another state shows all', () => {
  expect(endpointSearch({ state: 'given_up' })).toEqual({ state: 'given_up' });
  expect(endpointSearch({ state: 'lost' })).toEqual({});
});
