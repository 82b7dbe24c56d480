import { expect, test } from 'vitest';
import { contactExample, listExample, sendExample } from './examples';

const origin = 'http://127.0.0.1:8080';

test('a list needs the key alone', () => {
  expect(listExample(origin, 'ww_x')).toBe(
    'curl http://127.0.0.1:8080/api/v1/conversations?limit=3 \\\n  -H "Authorization: Bearer ww_x"',
  );
});

test('words with quotes stay one argument of the shell', () => {
  expect(sendExample(origin, 'conversation_1', "It's here")).toContain(
    String.raw`-d '{"type":"text","text":{"body":"It'\''s here"}}'`,
  );
  expect(sendExample(origin, 'conversation_1', 'x')).toContain('Idempotency-Key');
});

test('a contact has a phone', () => {
  expect(contactExample(origin, '+919812345678', 'Asha')).toContain('"phone":"+919812345678"');
});
