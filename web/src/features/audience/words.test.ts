import i18next from 'i18next';
import { beforeAll, expect, test, vi } from 'vitest';
import en from '~/texts/en';
import words from '~/texts/en/audience.json';
import type { Filter } from './contract';
import { clause, describe, type Names } from './words';

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

const t = i18next.t as unknown as Parameters<typeof clause>[0];

const names: Names = {
  traits: [{ key: 'birthday', kind: 'datetime', label: 'Birthday' }],
  list: () => undefined,
  campaign: () => undefined,
  segment: (id) => (id === 'segment_1' ? 'Regulars' : undefined),
  number: () => 'Kite & Co.',
};

test.each<[Filter, string]>([
  [{ event: { name: 'Order Placed' } }, 'who did “Order Placed”'],
  [
    {
      event: {
        name: 'Order Placed',
        at_least: 2,
        within: '30d',
        where: [
          { key: 'amount', is: { gt: 100 } },
          { key: 'gift_wrap', is: { eq: true } },
        ],
      },
    },
    'who did “Order Placed” at least 2 times within the last 30 days with amount above 100 and with gift wrap Yes',
  ],
  [{ not: { event: { name: 'Refund', within: '1w' } } }, 'who did not do “Refund” within the last 1 week'],
  [
    { conversation: { status: 'open', unread: true, number: 'number_1' } },
    'with a conversation that is open, unread and with “Kite & Co.”',
  ],
  [
    { not: { conversation: { assigned: false, window: 'open' } } },
    'with no conversation that is assigned to nobody and inside the service window',
  ],
  [{ segment: 'segment_1' }, 'in the segment “Regulars”'],
  [{ not: { segment: 'segment_2' } }, 'not in the segment “a segment”'],
  [{ field: { name: 'last_seen_at', is: { past: '30d' } } }, 'with Last wrote within the last 30 days'],
  [
    { not: { field: { name: 'last_seen_at', is: { past: '12h' } } } },
    'with Last wrote not within the last 12 hours',
  ],
  [{ field: { name: 'created_at', is: { older: '2w' } } }, 'with Known since longer ago than 2 weeks'],
  [{ trait: { key: 'birthday', is: { next: '7d' } } }, 'with Birthday within the coming 7 days'],
  [{ field: { name: 'source', is: { in: ['import', 'api'] } } }, 'with Where from A file or A program'],
])('a part reads as words: %j', (filter, said) => {
  expect(clause(t, filter, names)).toBe(said);
});

test('the whole reads as a sentence', () => {
  const filter: Filter = {
    all: [{ segment: 'segment_1' }, { not: { event: { name: 'Order Placed', within: '90d' } } }],
  };
  expect(describe(t, filter, names)).toBe(
    'Contacts in the segment “Regulars” and who did not do “Order Placed” within the last 90 days',
  );
});
