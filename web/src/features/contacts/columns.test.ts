import { expect, test } from 'vitest';
import { type Column, MOST_COLUMNS, readColumns, toggled } from './columns';

test('what was kept is read, and rubbish is not', () => {
  expect(readColumns(null)).toContain('tags');
  expect(readColumns('{')).toContain('tags');
  expect(readColumns('7')).toContain('tags');
  expect(readColumns('[]')).toEqual([]);
  expect(readColumns('["email","password",3,"trait:city","email","trait:"]')).toEqual([
    'email',
    'trait:city',
  ]);
});

test('columns come and go, up to so many', () => {
  expect(toggled(['tags', 'created_at'], 'country')).toEqual(['tags', 'country', 'created_at']);
  expect(toggled(['tags', 'trait:city'], 'email')).toEqual(['tags', 'email', 'trait:city']);
  expect(toggled(['tags', 'country'], 'tags')).toEqual(['country']);
  const full = Array.from({ length: MOST_COLUMNS }, (_, index): Column => `trait:t${index}`);
  expect(toggled(full, 'tags')).toEqual(full);
});
