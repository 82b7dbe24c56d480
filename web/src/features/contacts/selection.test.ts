import { expect, test } from 'vitest';
import { allTicked, isEmpty, isTicked, nobody, ticked, ticksOf } from './selection';

const shown = ['a', 'b', 'c'];

test('boxes are ticked one by one and together', () => {
  const one = ticked(nobody, 'b', shown);
  expect([...one.ids]).toEqual(['b']);
  expect(ticksOf(one, shown)).toBe('some');
  expect(isEmpty(ticked(one, 'b', shown))).toBe(true);
  const all = allTicked(one, shown);
  expect(ticksOf(all, shown)).toBe('all');
  expect(isEmpty(allTicked(all, shown))).toBe(true);
  expect(ticksOf(nobody, [])).toBe('none');
});

test('whoever is taken out of everybody leaves those that are shown', () => {
  const everybody = { ids: new Set<string>(), everybody: true };
  expect(isTicked(everybody, 'not shown yet')).toBe(true);
  const left = ticked(everybody, 'a', shown);
  expect(left.everybody).toBe(false);
  expect([...left.ids]).toEqual(['b', 'c']);
});
