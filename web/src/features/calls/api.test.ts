import { expect, test } from 'vitest';
import { outcomeOf } from './api';

test.each([
  [200, 'ok'],
  [204, 'ok'],
  [304, 'ok'],
  [401, 'refused'],
  [429, 'refused'],
  [500, 'failed'],
  [503, 'failed'],
] as const)('%i is %s', (status, outcome) => expect(outcomeOf(status)).toBe(outcome));
