import { expect, test } from 'vitest';
import type { Filter } from '../contract';
import { operatorOf, operatorsFor, withOperator } from './operators';
import {
  canonical,
  changed,
  emptyGroup,
  fromFilter,
  isFinished,
  listsIn,
  type Rule,
  toFilter,
  wayOf,
} from './tree';

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

test('a line is changed or taken out wherever it stands', () => {
  const inner = emptyGroup('any', [{ kind: 'tag', id: 'deep', not: false, tag: 'a' }]);
  const group = emptyGroup('all', [inner, { kind: 'tag', id: 'flat', not: false, tag: 'b' }]);
  const renamed = changed(group, 'deep', (node) => (node.kind === 'tag' ? { ...node, tag: 'z' } : node));
  expect(toFilter(renamed)).toEqual({ all: [{ any: [{ tag: 'z' }] }, { tag: 'b' }] });
  expect(toFilter(changed(group, 'deep', () => null))).toEqual({ all: [{ tag: 'b' }] });
});

test('the way of choosing is read off the filter', () => {
  expect(wayOf(null)).toBeNull();
  expect(wayOf({ everyone: true })).toBe('everyone');
  expect(wayOf({ list: 'list_1' })).toBe('list');
  expect(wayOf({ campaign: { id: 'campaign_1', outcome: ['read'] } })).toBe('outcome');
  expect(wayOf({ all: [{ tag: 'vip' }] })).toBe('rules');
  expect(listsIn({ all: [{ list: 'a' }, { not: { list: 'b' } }, { any: [{ list: 'c' }] }] })).toEqual([
    'a',
    'c',
  ]);
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

test('two filters are the same whatever the order of their keys', () => {
  const [one, other] = [
    { all: [{ trait: { key: 'city', is: { eq: 'Pune' } } }] },
    { all: [{ trait: { is: { eq: 'Pune' }, key: 'city' } }] },
  ];
  expect(canonical(one)).toBe(canonical(other));
  expect(canonical(one)).not.toBe(canonical({ all: [{ tag: 'a' }] }));
});
