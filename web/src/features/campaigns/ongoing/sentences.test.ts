import i18next from 'i18next';
import { beforeAll, expect, test, vi } from 'vitest';
import en from '~/texts/en';
import audience from '~/texts/en/audience.json';
import campaigns from '~/texts/en/campaigns.json';
import words from '~/texts/en/ongoing.json';
import type { Facts } from '../builder/sentences';
import type { Campaign, Settings } from '../contract';
import { armWords } from './arms';
import type { Delay, Reentry, Trigger } from './contract';
import { delayWords, limitWords, ongoingSentences, reentryWords, triggerWords } from './sentences';
import { usualOngoing } from './useOngoing';
import { changesOf, differing } from './versions';

beforeAll(async () => {
  vi.stubGlobal('navigator', { language: 'en-GB' });
  await i18next.init({
    lng: 'en',
    defaultNS: 'texts',
    ns: ['texts'],
    resources: { en: { texts: { ...en, ...campaigns, ...audience, ...words } } },
    interpolation: { escapeValue: false },
  });
});

const t = i18next.t as unknown as Parameters<typeof triggerWords>[0];

const names: Facts['names'] = {
  traits: [{ key: 'birthday', kind: 'datetime', label: 'Birthday' }],
  list: () => undefined,
  campaign: () => undefined,
  segment: (id) => (id === 'segment_1' ? 'Regulars' : undefined),
  number: () => undefined,
};

test.each<[Trigger, string]>([
  [{ event: { name: 'Cart Left' } }, 'It starts when somebody does “Cart Left”.'],
  [
    {
      event: {
        name: 'Order Placed',
        where: [
          { key: 'total', is: { gte: 100 } },
          { key: 'order_kind', is: { eq: 'gift' } },
        ],
      },
    },
    'It starts when somebody does “Order Placed” with total at least 100 and with order kind “gift”.',
  ],
  [{ contact_created: true }, 'It starts for every new contact.'],
  [{ trait_changed: { trait: 'birthday' } }, 'It starts when somebody’s Birthday changes.'],
  [{ tag_added: { tag: 'VIP' } }, 'It starts when somebody gets the tag “VIP”.'],
  [{ tag_removed: { tag: 'VIP' } }, 'It starts when somebody loses the tag “VIP”.'],
  [
    { date: { trait: 'birthday', offset_days: -3, at: '09:00', yearly: true } },
    'It starts 3 days before somebody’s Birthday, at 09:00 by their own clock. This repeats every year.',
  ],
  [
    { date: { trait: 'birthday', offset_days: 1, at: '09:00' } },
    'It starts 1 day after somebody’s Birthday, at 09:00 by their own clock.',
  ],
  [
    { segment_entered: { segment_id: 'segment_1' } },
    'It starts when somebody enters the segment “Regulars”.',
  ],
])('a trigger reads as a sentence: %j', (trigger, sentence) => {
  expect(triggerWords(t, trigger, names)).toBe(sentence);
});

test.each<[Partial<Delay>, string]>([
  [{}, 'The message goes out at once.'],
  [{ hours: 2 }, 'The message goes out 2 hours later.'],
  [{ days: 1, hours: 2, minutes: 5 }, 'The message goes out 1 day, 2 hours and 5 minutes later.'],
  [{ at: '10:00' }, 'The message goes out when it is next 10:00 by the person’s own clock.'],
  [
    { days: 2, at: '10:00' },
    'The message goes out 2 days later, when it is next 10:00 by the person’s own clock.',
  ],
])('a wait reads as a sentence: %j', (delay, sentence) => {
  expect(delayWords(t, { days: 0, hours: 0, minutes: 0, ...delay })).toBe(sentence);
});

test.each<[Reentry, string]>([
  ['each', 'It starts again each time it happens.'],
  ['never', 'Each person gets it only once.'],
  [{ after_days: 7 }, 'For the same person it starts again after 7 days at the earliest.'],
])('who may run again reads as a sentence: %j', (reentry, sentence) => {
  expect(reentryWords(t, reentry)).toBe(sentence);
});

const settings = {
  undo_seconds: 10,
  canary: null,
  brakes: { failure_percent: 20, opt_out_percent: null, window: 200, quality_red: true },
  cap: { messages: 1, days: 7 },
  goals: [
    { event: 'Order Placed', within_hours: 72 },
    { event: ' ', within_hours: 1 },
  ],
} as unknown as Settings;

test('goals and limits are said, and a goal without a name is not', () => {
  expect(limitWords(t, settings)).toEqual([
    '“Order Placed” within 3 days counts as a goal.',
    'Whoever got 1 marketing message in 7 days is left out.',
    'It stops by itself when more than 20% fail.',
  ]);
});

const campaign = {
  name: 'Cart',
  kind: 'ongoing',
  audience: { tag: 'VIP' },
  number_id: null,
  template_id: null,
  variables: {},
  schedule: { when: 'now' },
  settings,
} as unknown as Campaign;

test('what differs between two versions is told by its sentences', () => {
  const trigger = { event: { name: 'Cart Left' } };
  const unless = { event: { name: 'Order Placed' }, within_hours: 2 };
  const before = ongoingSentences(t, campaign, { ...usualOngoing, trigger }, { names });
  const now = ongoingSentences(
    t,
    campaign,
    { ...usualOngoing, trigger, unless, reentry: 'never', holdout_percent: 5 },
    { names },
  );
  expect(before.filter(({ open }) => open).map(({ key }) => key)).toEqual(['number', 'template']);
  expect(changesOf(before, now)).toEqual([
    {
      key: 'reentry',
      before: 'It starts again each time it happens.',
      now: 'Each person gets it only once.',
    },
    {
      key: 'unless',
      before: null,
      now: 'It waits at least 2 hours, and nothing goes out if the person does “Order Placed” in that time.',
    },
    { key: 'tried-0', before: null, now: '5% get nothing, to compare with.' },
    { key: 'delay', before: 'The message goes out at once.', now: null },
  ]);
});

test('an edit that says what is there already is none', () => {
  expect(differing(campaign, { name: 'Cart', audience: { tag: 'VIP' } })).toEqual({});
  expect(differing(campaign, { name: 'Carts' })).toEqual({ name: 'Carts' });
});

test('a message is called by its name, the only one needs none', () => {
  expect(armWords(t, 0, [])).toBe('The message');
  expect(armWords(t, 0, [{ name: 'B' }])).toBe('The first message');
  expect(armWords(t, 1, [{ name: 'B' }])).toBe('B');
  expect(armWords(t, 2, [{ name: 'B' }])).toBe('A message that is no longer tried');
  expect(armWords(t, null, [])).toBe('No message, to compare with');
});
