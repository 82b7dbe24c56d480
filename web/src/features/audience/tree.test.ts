import { expect, test } from 'vitest';
import type { Filter } from './contract';
import { firstOperator, operatorOf, operatorsFor, withOperator } from './operators';
import { changed, emptyGroup, fromFilter, isFinished, type Rule, toFilter } from './tree';

const filters: Filter[] = [
  { all: [{ tag: 'vip' }, { not: { tag: 'staff' } }] },
  {
    any: [
      { trait: { key: 'city', is: { eq: 'Pune' } } },
      { field: { name: 'country', is: { in: ['IN', 'AE'] } } },
    ],
  },
  { not: { all: [{ tag: 'a' }, { any: [{ tag: 'b' }, { not: { any: [{ tag: 'c' }] } }] }] } },
  {
    all: [
      { trait: { key: 'points', is: { gte: 5 } } },
      { not: { trait: { key: 'city', is: { contains: 'x' } } } },
    ],
  },
  {
    all: [{ trait: { key: 'member', is: { eq: false } } }, { trait: { key: 'city', is: { exists: false } } }],
  },
  { all: [{ consent: { category: 'marketing', state: 'granted' } }, { list: 'list_1' }, { everyone: true }] },
  { all: [{ campaign: { id: 'campaign_1', outcome: ['delivered'], not: true } }] },
  { all: [{ field: { name: 'created_at', is: { lt: '2026-01-01T00:00:00.000Z' } } }] },
  { all: [{ field: { name: 'last_seen_at', is: { past: '30d' } } }, { not: { segment: 'segment_1' } }] },
  { all: [{ event: { name: 'Order Placed' } }, { not: { event: { name: 'Refund', within: '2w' } } }] },
  {
    any: [
      {
        event: {
          name: 'Order Placed',
          at_least: 2,
          within: '30d',
          where: [
            { key: 'amount', is: { gt: 100 } },
            { key: 'due', is: { next: '7d' } },
            { key: 'shop', is: { in: ['Pune', 'Goa'] } },
          ],
        },
      },
      {
        conversation: { status: 'open', unread: true, assigned: false, window: 'closed', number: 'number_1' },
      },
      { not: { conversation: { unread: false } } },
    ],
  },
];

test.each(filters)('a filter can be edited and comes out as it went in: %j', (filter) => {
  expect(toFilter(fromFilter(filter))).toEqual(filter);
});

test('trees made at random come out as they went in', () => {
  let seed = 7;
  const next = (most: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % most;
  };
  const made = (depth: number): Filter => {
    const items = () => Array.from({ length: 1 + next(3) }, () => made(depth - 1));
    switch (depth > 0 ? next(7) : 3 + next(4)) {
      case 0:
        return { all: items() };
      case 1:
        return { any: items() };
      case 2:
        return { not: depth > 1 ? { any: items() } : { tag: 'n' } };
      case 3:
        return { tag: `t${next(9)}` };
      case 4:
        return { trait: { key: 'k', is: next(2) ? { eq: 'v' } : { in: ['a', 'b'] } } };
      case 5:
        return { field: { name: 'email', is: { exists: next(2) === 0 } } };
      default:
        return { not: { list: `list_${next(9)}` } };
    }
  };
  for (let round = 0; round < 500; round += 1) {
    const filter: Filter = { all: [made(3)] };
    expect(toFilter(fromFilter(filter))).toEqual(filter);
  }
});

test('a filter that is one rule is edited as a group of one', () => {
  const group = fromFilter({ tag: 'vip' });
  expect(group).toMatchObject({ kind: 'group', join: 'all', not: false });
  expect(toFilter(group)).toEqual({ all: [{ tag: 'vip' }] });
  expect(toFilter(fromFilter(null))).toBeNull();
});

test('what is not finished yet is left out, and said to be so', () => {
  const open: Rule = { kind: 'tag', id: 'x', not: false, tag: '' };
  const group = emptyGroup('all', [
    open,
    { kind: 'tag', id: 'y', not: true, tag: 'staff' },
    emptyGroup('any'),
  ]);
  expect(toFilter(group)).toEqual({ all: [{ not: { tag: 'staff' } }] });
  expect(isFinished(group)).toBe(false);
  expect(toFilter(emptyGroup('all', [open]))).toBeNull();
});

test('an event without a number of times or a span is not finished, nor one with half a condition', () => {
  const event: Rule = { kind: 'event', id: 'e', not: true, name: 'Visit', times: 1, within: null, where: [] };
  expect(toFilter(event)).toEqual({ not: { event: { name: 'Visit' } } });
  expect(toFilter({ ...event, times: undefined })).toBeNull();
  expect(toFilter({ ...event, within: undefined })).toBeNull();
  expect(toFilter({ ...event, name: '' })).toBeNull();
  const half: Rule = { ...event, where: [{ id: 'w', key: 'page', op: 'eq', value: undefined }] };
  expect(toFilter(half)).toEqual({ not: { event: { name: 'Visit' } } });
  expect(isFinished(half)).toBe(false);
  expect(isFinished({ ...half, where: [{ id: 'w', key: 'page', op: 'eq', value: '/buy' }] })).toBe(true);
  const nothing: Rule = { kind: 'conversation', id: 'c', not: false, test: {} };
  expect(toFilter(nothing)).toBeNull();
});

test('a line is changed or taken out wherever it stands', () => {
  const inner = emptyGroup('any', [{ kind: 'tag', id: 'deep', not: false, tag: 'a' }]);
  const group = emptyGroup('all', [inner, { kind: 'tag', id: 'flat', not: false, tag: 'b' }]);
  const renamed = changed(group, 'deep', (node) => (node.kind === 'tag' ? { ...node, tag: 'z' } : node));
  expect(toFilter(renamed)).toEqual({ all: [{ any: [{ tag: 'z' }] }, { tag: 'b' }] });
  expect(toFilter(changed(group, 'deep', () => null))).toEqual({ all: [{ tag: 'b' }] });
});

test('operators are stored comparisons, turned round or not', () => {
  expect(operatorOf({ op: 'eq', value: 'x' }, false)).toBe('is');
  expect(operatorOf({ op: 'in', value: ['x'] }, true)).toBe('isNoneOf');
  expect(operatorOf({ op: 'exists', value: true }, true)).toBe('notKnown');
  expect(operatorOf({ op: 'exists', value: false }, true)).toBe('known');
  expect(withOperator('isOneOf', { op: 'eq', value: 'a' })).toEqual({ op: 'in', not: false, value: ['a'] });
  expect(withOperator('is', { op: 'in', value: ['a', 'b'] })).toEqual({ op: 'eq', not: false, value: 'a' });
  expect(withOperator('known', { op: 'eq', value: 'a' })).toEqual({ op: 'exists', not: false, value: true });
  expect(withOperator('is', { op: 'exists', value: true })).toEqual({
    op: 'eq',
    not: false,
    value: undefined,
  });
  expect(operatorsFor('datetime', 'contains')).toContain('contains');
});

test('a comparison with a span begins with a usual one and leaves none behind', () => {
  const day = '2026-09-01T00:00:00.000Z';
  expect(withOperator('past', { op: 'gte', value: day })).toEqual({ op: 'past', not: false, value: '30d' });
  expect(withOperator('notPast', { op: 'past', value: '2w' })).toEqual({
    op: 'past',
    not: true,
    value: '2w',
  });
  expect(withOperator('atLeast', { op: 'past', value: '2w' }).value).toBeUndefined();
  expect(operatorsFor('datetime', 'past', true)).not.toContain('notPast');
  expect(operatorsFor('text', 'is', true)).not.toContain('containsNot');
  expect(firstOperator('datetime')).toEqual({ op: 'past', not: false, value: '30d' });
});
