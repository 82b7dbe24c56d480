import { expect, test } from 'vitest';
import { daysThrough } from './days';

test('days in which nothing happened are there as well, also those before the first', () => {
  const days = daysThrough([
    { day: '2026-11-25', whole: 3, part: 2 },
    { day: '2026-11-27', whole: 1, part: 0 },
  ]);
  expect(days).toHaveLength(30);
  expect(days[0]?.day).toBe('2026-10-29');
  expect(days.slice(-3)).toEqual([
    { day: '2026-11-25', whole: 3, part: 2 },
    { day: '2026-11-26', whole: 0, part: 0 },
    { day: '2026-11-27', whole: 1, part: 0 },
  ]);
  expect(daysThrough([])).toEqual([]);
});
