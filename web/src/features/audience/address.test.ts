import { expect, test } from 'vitest';
import { filterIn, filterText } from './address';
import type { Filter } from './contract';

const filters: Filter[] = [
  { everyone: true },
  { all: [{ tag: 'vip & friends' }, { not: { list: 'list_1' } }] },
  { any: [{ trait: { key: 'city', is: { in: ['Pune', 'Goa'] } } }, { segment: 'segment_1' }] },
  { field: { name: 'last_seen_at', is: { older: '90d' } } },
  { consent: { category: 'marketing', state: 'unknown' } },
  { campaign: { id: 'campaign_1', outcome: ['read'], not: true } },
  { conversation: { unread: false, window: 'open' } },
  {
    event: {
      name: 'Order “Placed”',
      at_least: 3,
      within: '12h',
      where: [{ key: 'amount', is: { gte: 0.5 } }],
    },
  },
];

test.each(filters)('a filter goes into the address and comes out: %j', (filter) => {
  const text = filterText(filter);
  const params = new URLSearchParams({ filter: text ?? '' });
  expect(filterIn(new URLSearchParams(params.toString()).get('filter') ?? '')).toEqual(filter);
});

test('the same filter has the same address', () => {
  const one: Filter = { trait: { key: 'city', is: { eq: 'Pune' } } };
  const other: Filter = { trait: { is: { eq: 'Pune' }, key: 'city' } };
  expect(filterText(one)).toBe(filterText(other));
  expect(filterText(null)).toBeUndefined();
});

test.each([
  '',
  '{',
  'null',
  '[]',
  '"vip"',
  '{}',
  '{"tag":""}',
  '{"tag":1}',
  '{"tag":"a","list":"b"}',
  '{"all":[]}',
  '{"all":[{"tag":"a"},{"unknown":1}]}',
  '{"everyone":false}',
  '{"field":{"name":"password","is":{"eq":"x"}}}',
  '{"field":{"name":"name","is":{"eq":{"deep":1}}}}',
  '{"field":{"name":"name","is":{}}}',
  '{"field":{"name":"created_at","is":{"past":"soon"}}}',
  '{"field":{"name":"created_at","is":{"past":"4000d"}}}',
  '{"trait":{"key":"a","is":{"in":[]}}}',
  '{"event":{"name":"a","at_least":0}}',
  '{"event":{"name":"a","at_least":1.5}}',
  '{"event":{"name":"a","within":30}}',
  '{"event":{"name":"a","where":[{"key":"b"}]}}',
  '{"conversation":{}}',
  '{"conversation":{"status":"lost"}}',
  '{"conversation":{"constructor":true}}',
  '{"constructor":{}}',
  '{"campaign":{"id":"a","outcome":[]}}',
  `${'{"not":'.repeat(50)}{"tag":"a"}${'}'.repeat(50)}`,
])('what is no filter is none: %s', (text) => {
  expect(filterIn(text)).toBeNull();
});
