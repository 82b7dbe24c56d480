import { expect, test, vi } from 'vitest';
import type { Filter } from './contract';
import { both, canonical, listsIn, rulesIn, segmentsIn } from './filters';
import { readSpan, spanText, spanWords } from './span';

const filter: Filter = {
  all: [
    { list: 'a' },
    { not: { list: 'b' } },
    { any: [{ list: 'c' }, { not: { segment: 's' } }, { event: { name: 'Visit' } }] },
  ],
};

test('what a filter speaks of is found wherever it stands', () => {
  expect(listsIn(filter)).toEqual(['a', 'c']);
  expect(segmentsIn(filter)).toEqual(['s']);
  expect(rulesIn(filter)).toBe(5);
  expect(rulesIn(null)).toBe(0);
});

test('two filters are the same whatever the order of their keys', () => {
  const one: Filter = { all: [{ trait: { key: 'city', is: { eq: 'Pune' } } }] };
  const other: Filter = { all: [{ trait: { is: { eq: 'Pune' }, key: 'city' } }] };
  expect(canonical(one)).toBe(canonical(other));
  expect(canonical(one)).not.toBe(canonical({ all: [{ tag: 'a' }] }));
});

test('two filters at once, or the one that is there', () => {
  expect(both(null, null)).toBeNull();
  expect(both({ tag: 'a' }, null)).toEqual({ tag: 'a' });
  expect(both({ tag: 'a' }, { tag: 'b' })).toEqual({ all: [{ tag: 'a' }, { tag: 'b' }] });
});

test.each(['90m', '12h', '1d', '3650d', '521w'])('%s is a span', (text) => {
  const span = readSpan(text);
  expect(span && spanText(span)).toBe(text);
});

test.each(['', '0d', '3651d', '522w', '-1d', '1.5d', '30', 'd', '30 d', '30y', 30, null])(
  '%s is no span',
  (text) => {
    expect(readSpan(text)).toBeNull();
  },
);

test('a span has words with the right number', () => {
  vi.stubGlobal('navigator', { language: 'en-GB' });
  expect(spanWords('1d')).toBe('1 day');
  expect(spanWords('30d')).toBe('30 days');
  expect(spanWords('nonsense')).toBe('nonsense');
});
