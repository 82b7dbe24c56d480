import { beforeAll, expect, test, vi } from 'vitest';
import { phonesIn } from './builder/TestStep';
import { withoutSent } from './builder/useDraft';
import { lasting, share } from './figures';
import { amount, rate } from './money';
import { choices } from './report/retarget';
import { problemWords, stepFor } from './review/reasons';
import { campaignsSearch, reportSearch, stepOf, stepsOf } from './search';

beforeAll(() => vi.stubGlobal('navigator', { language: 'en-GB' }));

test.each([
  [1, 3, '33%'],
  [1, 1000, '0.1%'],
  [997, 1000, '99.7%'],
  [5, 5, '100%'],
  [0, 0, '0%'],
])('%i of %i are %s', (part, whole, words) => expect(share(part, whole)).toBe(words));

test.each([
  [0, '0 seconds'],
  [59, '59 seconds'],
  [90, '1 minute 30 seconds'],
  [900, '15 minutes'],
  [3900, '1 hour 5 minutes'],
  [180_000, '2 days 2 hours'],
])('%i seconds are %s', (seconds, words) => expect(lasting(seconds)).toBe(words));

test('money is told to the smallest part that matters', () => {
  expect(amount(904_800_000, 'INR')).toBe('₹904.80');
  expect(amount(8_630, 'USD')).toBe('US$0.0086');
  expect(amount(0, 'USD')).toBe('US$0.00');
  expect(rate(863_100, 'INR')).toBe('₹0.8631');
  expect(amount(1_500_000, 'kites')).toBe('1.5 kites');
});

test('what was changed again while it was sent is still to be sent', () => {
  const audience = { everyone: true } as const;
  const sent = { name: 'A', audience };
  expect(withoutSent({ name: 'B', audience }, sent)).toEqual({ name: 'B' });
  expect(withoutSent({ name: 'A', number_id: null }, sent)).toEqual({ number_id: null });
});

test('those who have it and did not read it are the first to write to again', () => {
  const funnel = {
    planned: 10,
    waiting: 0,
    unknown: 0,
    sent: 9,
    delivered: 8,
    read: 5,
    replied: 2,
    clicked: 0,
    converted: 0,
    opted_out: 0,
    failed: 1,
    skipped: 0,
  };
  expect(choices(funnel).map(({ name, count }) => [name, count])).toEqual([
    ['notRead', 3],
    ['read', 5],
    ['replied', 2],
    ['failed', 1],
  ]);
});

test('phone numbers are read as people type them, each once', () => {
  expect(phonesIn('+91 98820-01000, +44 (7700) 900123;\n+919882001000')).toEqual([
    '+919882001000',
    '+447700900123',
  ]);
  expect(phonesIn(' , ')).toEqual([]);
});

test('a problem leads to the step that mends it, and an unknown one still has words', () => {
  const t = ((key: string) => key) as unknown as Parameters<typeof problemWords>[0];
  const problem = (code: string, field: string) => ({ code, field, params: {} });
  expect(stepFor(problem('required', 'audience'), 'one_time')).toBe('audience');
  expect(stepFor(problem('in_the_past', 'schedule.at'), 'one_time')).toBe('schedule');
  expect(stepFor(problem('unmapped', 'variables.body.1'), 'one_time')).toBe('message');
  expect(stepFor(problem('required', 'ongoing.trigger'), 'ongoing')).toBe('trigger');
  expect(stepFor(problem('out_of_range', 'ongoing.delay.days'), 'ongoing')).toBe('timing');
  expect(stepFor(problem('invalid', 'settings.cap'), 'ongoing')).toBe('limits');
  expect(problemWords(t, problem('required', 'number_id'))).toBe('trouble.missing.number');
  expect(problemWords(t, problem('invalid', 'header.media_id'))).toBe('trouble.header');
  expect(problemWords(t, problem('required', 'ongoing.trigger'))).toBe('trouble.trigger.required');
  expect(problemWords(t, problem('shares', 'ongoing.variants'))).toBe('trouble.shares');
  expect(problemWords(t, problem('moonlight', 'number_id'))).toBe('trouble.other');
});

test('an address says only what is known', () => {
  expect(campaignsSearch({ state: 'running', q: ' ', other: 'x' })).toEqual({ state: 'running' });
  expect(campaignsSearch({ state: 'nowhere', q: 'sale' })).toEqual({ q: 'sale' });
  expect(reportSearch({ state: 'skipped', reason: 'no_consent', q: '' })).toEqual({
    state: 'skipped',
    reason: 'no_consent',
  });
  expect(reportSearch({ state: '<b>', reason: 7 })).toEqual({});
});

test('a step that an address names is one of the campaign’s kind, and a new version has no test', () => {
  expect(stepOf('timing', { kind: 'ongoing', state: 'draft' })).toBe('timing');
  expect(stepOf('timing', { kind: 'one_time', state: 'draft' })).toBe('audience');
  expect(stepsOf({ kind: 'ongoing', state: 'draft' })).toContain('test');
  expect(stepOf('test', { kind: 'ongoing', state: 'running' })).toBe('trigger');
});
