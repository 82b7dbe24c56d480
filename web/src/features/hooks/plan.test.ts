import { expect, test } from 'vitest';
import { planExample, readObject, written } from './plan';

test('only objects are read', () => {
  expect(readObject(written(planExample))).toEqual(planExample);
  for (const text of ['', '[]', '7', 'null', '{"a":', '{a: 1}']) expect(readObject(text)).toBeNull();
});
