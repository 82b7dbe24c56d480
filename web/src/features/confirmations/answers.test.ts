import { expect, test } from 'vitest';
import type { OptOutSettings } from '~/api/contract';
import { answersOf, isDirty, isMissing, MOST, optOutWish, over } from './answers';

const settings = (stop: { send: boolean; text: string | null }): OptOutSettings => ({
  stop: { ...stop, usual: 'Bye.' },
  start: { send: true, text: null, usual: 'Hello.' },
  version: 3,
});

test('what is kept comes back as it is sent', () => {
  for (const stop of [
    { send: true, text: null },
    { send: true, text: 'Gone.' },
    { send: false, text: 'Gone.' },
    { send: false, text: null },
  ]) {
    const kept = settings(stop);
    expect(optOutWish(answersOf(kept), 3)).toEqual({ stop, start: { send: true, text: null }, version: 3 });
    expect(isDirty(answersOf(kept), kept)).toBe(false);
  }
});

test('the usual words drop a text, and an empty one of one’s own is a mistake', () => {
  const kept = settings({ send: true, text: 'Gone.' });
  const usual = { ...answersOf(kept), stop: { choice: 'usual' as const, text: 'Gone.' } };
  expect(optOutWish(usual, 3).stop).toEqual({ send: true, text: null });
  expect(isDirty(usual, kept)).toBe(true);
  const empty = { choice: 'own' as const, text: ' ' };
  expect(isMissing(empty)).toBe(true);
  expect(isDirty({ ...usual, stop: empty }, settings({ send: true, text: null }))).toBe(true);
});

test('characters are counted as people count them', () => {
  expect(over({ choice: 'own', text: '🪁'.repeat(MOST) })).toBe(0);
  expect(over({ choice: 'own', text: '🪁'.repeat(MOST + 2) })).toBe(2);
});
