import { expect, test } from 'vitest';
import { instantOf, wallClock } from './zones';

test.each([
  ['2026-12-01', '10:00', 'Asia/Kolkata', '2026-12-01T04:30:00.000Z'],
  ['2026-12-01', '10:00', 'UTC', '2026-12-01T10:00:00.000Z'],
  ['2026-07-01', '00:05', 'America/New_York', '2026-07-01T04:05:00.000Z'],
  ['2026-01-01', '23:59', 'Pacific/Kiritimati', '2026-01-01T09:59:00.000Z'],
])('%s %s in %s', (date, time, zone, at) => {
  expect(instantOf(date, time, zone)).toBe(at);
  expect(wallClock(new Date(at), zone)).toEqual({ date, time });
});

test('a time that clocks skip is the one after, one that they show twice is the first', () => {
  expect(instantOf('2026-03-29', '02:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
  expect(instantOf('2026-10-25', '02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z');
});

test('what is no time is none', () => {
  expect(instantOf('', '10:00', 'UTC')).toBeNull();
  expect(instantOf('2026-12-01', '', 'UTC')).toBeNull();
  expect(instantOf('2026-12-01', '10:00', 'Nowhere/None')).toBeNull();
});
