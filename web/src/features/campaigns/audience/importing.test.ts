import { expect, test } from 'vitest';
import { keyOf, readTarget, writeTarget, wrongMapping } from './importing';

test('what a column becomes is written as it was read', () => {
  for (const text of ['phone', 'tags', 'trait:city', 'column:Code: old', 'ignore'])
    expect(writeTarget(readTarget(text), 'Heading')).toBe(text);
  expect(readTarget('moon')).toEqual({ to: 'ignore' });
  expect(writeTarget({ to: 'trait', key: ' ' }, 'Favourite colour')).toBe('trait:favourite_colour');
  expect(writeTarget({ to: 'column' }, 'Code')).toBe('column:Code');
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
