import { expect, test } from 'vitest';
import { Problem } from '~/api/problem';
import { nameRefusal, usedBy } from './useSegmentEdits';

const problem = (status: number, code: string, rest: object = {}) => new Problem({ status, code, ...rest });

test('a name that is taken is told from one that is wrong', () => {
  const field = (code: string) => ({ errors: [{ field: 'name', code, message: '' }] });
  expect(nameRefusal(problem(422, 'invalid', field('taken')))).toBe('taken');
  expect(nameRefusal(problem(422, 'invalid', field('length')))).toBe('wrong');
  expect(nameRefusal(problem(422, 'invalid'))).toBeNull();
  expect(nameRefusal(new Error('x'))).toBeNull();
});

test('the campaign that uses a segment is found in the answer', () => {
  expect(usedBy(problem(409, 'conflict', { params: { campaign: 'Diwali' } }))).toBe('Diwali');
  expect(usedBy(problem(409, 'conflict'))).toBe('');
  expect(usedBy(problem(404, 'not_found'))).toBeNull();
});
