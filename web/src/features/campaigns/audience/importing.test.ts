import { expect, test } from 'vitest';
import { guessed, keyOf, wrongMapping } from './importing';

test('columns are known by their headings, then by what stands in them', () => {
  expect(guessed(['Name', 'Mobile No.', 'E-Mail', 'Code'], []).map(({ to }) => to)).toEqual([
    'name',
    'phone',
    'email',
    'column',
  ]);
  expect(
    guessed(
      ['Kunde', 'Kontaktdaten'],
      [
        ['Asha', '+91 98820 01000'],
        ['Ravi', '098820-01001'],
      ],
    ).map(({ to }) => to),
  ).toEqual(['column', 'phone']);
  expect(guessed(['phone', 'Phone number'], []).map(({ to }) => to)).toEqual(['phone', 'column']);
});

test('a file needs a phone number, and no field twice', () => {
  expect(wrongMapping([{ to: 'name' }])).toBe('noPhone');
  expect(wrongMapping([{ to: 'phone' }, { to: 'trait', key: 'city' }, { to: 'trait', key: 'city' }])).toBe(
    'twice',
  );
  expect(wrongMapping([{ to: 'phone' }, { to: 'column' }, { to: 'column' }, { to: 'ignore' }])).toBeNull();
});

test('a heading makes a key', () => {
  expect(keyOf(' Favourite colour! ')).toBe('favourite_colour');
  expect(keyOf('Größe')).toBe('größe');
  expect(keyOf('???')).toBe('field');
});
