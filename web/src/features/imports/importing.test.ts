import { expect, test } from 'vitest';
import { firstRowOf, type Import, isMoving, keyOf, readTarget, writeTarget, wrongMapping } from './importing';

test('what a column becomes is written as it was read', () => {
  for (const text of [
    'phone',
    'tags',
    'trait:city',
    'column:Code: old',
    'ignore',
    'external_id',
    'consent:marketing',
    'number:spent',
    'text:a:b',
  ])
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

test('the first row is shown as it stands, whatever it is read as', () => {
  const file = {
    has_header: true,
    columns: [{ name: 'Name' }, { name: 'Phone' }],
    first_rows: [['Asha', '98765']],
  } as Import;
  expect(firstRowOf(file)).toEqual(['Name', 'Phone']);
  expect(firstRowOf({ ...file, has_header: false })).toEqual(['Asha', '98765']);
  expect(firstRowOf({ ...file, has_header: false, first_rows: [] })).toEqual([]);
});

test('a file moves while it is brought in or taken back', () => {
  const file = (state: Import['state'], undo: 'running' | 'done' | null) =>
    ({ state, undo: undo && { state: undo } }) as Import;
  expect(isMoving(undefined)).toBe(false);
  expect(isMoving(file('running', null))).toBe(true);
  expect(isMoving(file('done', null))).toBe(false);
  expect(isMoving(file('done', 'running'))).toBe(true);
  expect(isMoving(file('done', 'done'))).toBe(false);
});
