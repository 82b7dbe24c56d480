import i18next from 'i18next';
import { beforeAll, expect, test, vi } from 'vitest';
import en from '~/texts/en';
import words from '~/texts/en/audience.json';
import type { Filter, Why } from './contract';
import { type Reason, reasons } from './why';
import type { Names } from './words';

beforeAll(async () => {
  vi.stubGlobal('navigator', { language: 'en-GB' });
  await i18next.init({
    lng: 'en',
    defaultNS: 'texts',
    ns: ['texts'],
    resources: { en: { texts: { ...en, ...words } } },
    interpolation: { escapeValue: false },
  });
});

const t = i18next.t as unknown as Parameters<typeof reasons>[0];

const names: Names = {
  traits: [{ key: 'city', kind: 'text', label: 'City' }],
  list: () => undefined,
  campaign: () => undefined,
  segment: () => 'Regulars',
  number: () => undefined,
};

const leaf = (kind: string, found: boolean, value: unknown = null): Why => ({
  kind,
  found,
  value,
  parts: [],
});

/** Each line with its sign: what is true or not, and whether that is for the person. */
const lines = (reason: Reason, depth = 0): string[] => [
  `${'  '.repeat(depth)}${reason.found ? '✓' : '✗'}${reason.helps ? '+' : '-'} ${reason.words}${
    reason.has === null ? '' : ` | ${reason.has}`
  }`,
  ...reason.parts.flatMap((each) => lines(each, depth + 1)),
];

test('each part tells what it asks, whether it is so, and what there is', () => {
  const filter: Filter = {
    all: [
      { tag: 'vip' },
      { not: { trait: { key: 'city', is: { eq: 'Pune' } } } },
      { event: { name: 'Order Placed', at_least: 2 } },
      { field: { name: 'country', is: { eq: 'IN' } } },
      { consent: { category: 'marketing', state: 'granted' } },
    ],
  };
  const why: Why = {
    kind: 'all',
    found: false,
    value: null,
    parts: [
      leaf('tag', true, ['VIP', 'regular']),
      { kind: 'not', found: false, value: null, parts: [leaf('trait', true, 'Pune')] },
      leaf('event', false, 1),
      leaf('field', false, null),
      leaf('consent', false, 'denied'),
    ],
  };
  expect(lines(reasons(t, filter, why, names))).toEqual([
    '✗- All of these are true',
    '  ✓+ tagged “vip” | Tags: VIP and regular',
    '  ✗- with City other than “Pune” | Has: Pune',
    '  ✗- who did “Order Placed” at least 2 times | Did it once',
    '  ✗- with Country India | Nothing is known',
    '  ✗- who agreed to Marketing | Has: Refused',
  ]);
});

test('of events only those that fit are said to count', () => {
  const filter: Filter = { any: [{ event: { name: 'Visit', within: '7d' } }, { event: { name: 'Visit' } }] };
  const told = (value: number): string[] => {
    const parts = [leaf('event', value > 0, value), leaf('event', value > 0, value)];
    return reasons(t, filter, { kind: 'any', found: value > 0, value: null, parts }, names).parts.map(
      ({ has }) => has ?? '',
    );
  };
  expect(told(0)).toEqual(['None that counts', 'Never did it']);
  expect(told(1)).toEqual(['1 that counts', 'Did it once']);
  expect(told(1200)).toEqual(['1,200 that count', 'Did it 1,200 times']);
});

test('what is true inside a “none of these” speaks against the person', () => {
  const filter: Filter = { not: { any: [{ tag: 'staff' }, { event: { name: 'Refund' } }] } };
  const why: Why = {
    kind: 'not',
    found: false,
    value: null,
    parts: [
      {
        kind: 'any',
        found: true,
        value: null,
        parts: [leaf('tag', true, ['staff']), leaf('event', false, 0)],
      },
    ],
  };
  expect(lines(reasons(t, filter, why, names))).toEqual([
    '✗- None of these is true',
    '  ✓- tagged “staff” | Tags: staff',
    '  ✗+ who did “Refund” | Never did it',
  ]);
});

test('a saved segment shows what it holds', () => {
  const filter: Filter = { all: [{ not: { segment: 'segment_1' } }, { conversation: { unread: true } }] };
  const why: Why = {
    kind: 'all',
    found: false,
    value: null,
    parts: [
      {
        kind: 'not',
        found: false,
        value: null,
        parts: [{ kind: 'all', found: true, value: null, parts: [leaf('tag', true, ['vip'])] }],
      },
      leaf('conversation', false, 2),
    ],
  };
  const saved: Filter = { all: [{ tag: 'vip' }] };
  expect(lines(reasons(t, filter, why, names, () => saved))).toEqual([
    '✗- All of these are true',
    '  ✗- not in the segment “Regulars”',
    '    ✓- tagged “vip” | Tags: vip',
    '  ✗- with a conversation that is unread | Has 2 conversations',
  ]);
  expect(lines(reasons(t, filter, why, names))[1]).toBe('  ✗- not in the segment “Regulars”');
});

test('an answer that lacks a part is told as far as it goes', () => {
  const why: Why = { kind: 'any', found: true, value: null, parts: [leaf('list', true)] };
  const filter: Filter = { any: [{ list: 'list_1' }, { tag: 'x' }] };
  expect(lines(reasons(t, filter, why, names))).toEqual([
    '✓+ At least one of these is true',
    '  ✓+ on the list “a list”',
  ]);
});
