import { expect, test } from 'vitest';
import { nearest, pathOf, spread, summed, xTicks, yTicks } from './chart';

const point = (at: string, sent: number, read = 0) => ({
  at,
  sent,
  delivered: 0,
  read,
  replied: 0,
  clicked: 0,
  converted: 0,
  opted_out: 0,
  failed: 0,
});

test('what happened in each moment adds up', () => {
  const all = summed([point('2026-12-01T10:00:00Z', 5), point('2026-12-01T10:01:00Z', 3, 2)]);
  expect(all.map(({ sent, read }) => [sent, read])).toEqual([
    [0, 0],
    [5, 0],
    [8, 2],
  ]);
  expect(nearest(all, Date.parse('2026-12-01T10:01:50Z'))?.sent).toBe(8);
  expect(summed([])).toEqual([]);
});

test.each([
  [0, [0, 1]],
  [1, [0, 1]],
  [3, [0, 1, 2, 3]],
  [10, [0, 3, 6, 9, 12]],
  [1204, [0, 500, 1000, 1500]],
  [80000, [0, 20000, 40000, 60000, 80000]],
])('the figures beside a chart up to %i are round', (most, ticks) => expect(yTicks(most)).toEqual(ticks));

test('the times below it are round and have room', () => {
  const from = Date.parse('2026-12-01T10:03:00Z');
  const ticks = xTicks(from, from + 55 * 60_000, 6);
  expect(ticks.length).toBeLessThanOrEqual(7);
  expect(ticks.every((at) => at % (5 * 60_000) === 0)).toBe(true);
  expect(xTicks(from, from + 40 * 86_400_000, 5).length).toBeLessThanOrEqual(6);
});

test('labels keep a distance and stay inside', () => {
  expect(spread([10, 12, 100], 16, 0, 120)).toEqual([10, 26, 100]);
  expect(spread([118, 119, 120], 16, 0, 120)).toEqual([88, 104, 120]);
  expect(spread([50, 10], 16, 0, 120)).toEqual([50, 10]);
  expect(
    pathOf([
      [0, 1],
      [2, 3.456],
    ]),
  ).toBe('M0.0 1.0L2.0 3.5');
});
