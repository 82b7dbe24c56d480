import { expect, test } from 'vitest';
import { wayOf } from './way';

test('the way of choosing is read off the filter', () => {
  expect(wayOf(null)).toBeNull();
  expect(wayOf({ everyone: true })).toBe('everyone');
  expect(wayOf({ list: 'list_1' })).toBe('list');
  expect(wayOf({ segment: 'segment_1' })).toBe('segment');
  expect(wayOf({ campaign: { id: 'campaign_1', outcome: ['read'] } })).toBe('outcome');
  expect(wayOf({ all: [{ tag: 'vip' }] })).toBe('rules');
});
