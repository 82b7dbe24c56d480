import { expect, test } from 'vitest';
import { begins, ranked, score } from './match';

test('every typed word must be found somewhere', () => {
  expect(score('close conv', 'Close conversation')).toBeGreaterThan(0);
  expect(score('close door', 'Close conversation')).toBe(0);
});

test('accents and case make no difference', () => {
  expect(score('SOFIA alv', 'Sofía Álvarez')).toBeGreaterThan(0);
});

test('nothing typed fits everything', () => {
  expect(score('  ', 'New chat')).toBeGreaterThan(0);
});

test('a title goes before other names, a beginning before a middle', () => {
  const lines = [
    { text: 'Appearance: dark', otherNames: 'theme night' },
    { text: 'Theme for emails' },
    { text: 'Go to the inbox', otherNames: 'theatre' },
    { text: 'Anthem' },
  ];
  expect(ranked('the', lines).map(({ text }) => text)).toEqual([
    'Theme for emails',
    'Go to the inbox',
    'Appearance: dark',
    'Anthem',
  ]);
});

test('equals keep their order', () => {
  const lines = [{ text: 'Go to numbers' }, { text: 'Go to members' }];
  expect(ranked('go', lines)).toEqual(lines);
});

test('what each typed word begins is surely meant, a middle is not', () => {
  expect(begins('them', 'Theme for emails')).toBe(true);
  expect(begins('night', 'Appearance: dark', 'theme night')).toBe(true);
  expect(begins('the', 'Anthem')).toBe(false);
  expect(begins('dark house', 'Appearance: dark')).toBe(false);
});
