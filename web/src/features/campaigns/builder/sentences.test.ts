import i18next from 'i18next';
import { beforeAll, expect, test, vi } from 'vitest';
import type { PhoneNumber, Template } from '~/api/contract';
import type { Filter } from '~/features/audience/contract';
import { describe } from '~/features/audience/words';
import en from '~/texts/en';
import audience from '~/texts/en/audience.json';
import words from '~/texts/en/campaigns.json';
import type { Campaign } from '../contract';
import { firstOpen, isDecided } from './progress';
import { type Facts, safetyWords, sentences, sourceWords, whenWords } from './sentences';
import { around, guessedSources, sourceFrom, sourceId } from './sources';

beforeAll(async () => {
  vi.stubGlobal('navigator', { language: 'en-GB' });
  await i18next.init({
    lng: 'en',
    defaultNS: 'texts',
    ns: ['texts'],
    resources: { en: { texts: { ...en, ...words, ...audience } } },
    interpolation: { escapeValue: false },
  });
});

const t = i18next.t as unknown as Parameters<typeof describe>[0];

const names: Facts['names'] = {
  traits: [{ key: 'city', kind: 'text', label: 'City' }],
  list: (id) => (id === 'list_1' ? 'Fair' : undefined),
  campaign: () => 'Spring',
  segment: () => undefined,
  number: () => undefined,
};

const template = {
  id: 'template_1',
  name: 'sale',
  language: 'en',
  category: 'marketing',
  components: [
    {
      type: 'BODY',
      text: 'Hello {{first_name}}, the sale of the year begins today with {{2}} off everything.',
    },
    { type: 'BUTTONS', buttons: [{ type: 'COPY_CODE' }] },
  ],
  variables: [{ key: 'body.first_name' }, { key: 'body.2' }, { key: 'button.0.code' }],
} as unknown as Template;

const draft = {
  id: 'campaign_1',
  name: 'Sale',
  kind: 'one_time',
  state: 'draft',
  audience: null,
  number_id: null,
  template_id: null,
  variables: {},
  header: null,
  schedule: { when: 'now' },
  settings: {
    undo_seconds: 10,
    canary: { above: 5000, percent: 2, wait_seconds: 900 },
    brakes: { failure_percent: 20, opt_out_percent: null, window: 200, quality_red: true },
  },
} as unknown as Campaign;

test.each<[Filter, string]>([
  [{ everyone: true }, 'Everyone'],
  [
    { all: [{ tag: 'vip' }, { trait: { key: 'city', is: { eq: 'Pune' } } }] },
    'Contacts tagged “vip” and with City “Pune”',
  ],
  [
    {
      all: [
        { not: { tag: 'staff' } },
        { any: [{ list: 'list_1' }, { field: { name: 'country', is: { in: ['IN', 'AE'] } } }] },
      ],
    },
    'Contacts not tagged “staff” and (on the list “Fair” or with Country India or United Arab Emirates)',
  ],
  [
    { campaign: { id: 'campaign_9', outcome: ['read', 'replied'], not: true } },
    'Contacts with “Spring” not read or replied',
  ],
  [{ not: { any: [{ tag: 'a' }, { tag: 'b' }] } }, 'Contacts not (tagged “a” or tagged “b”)'],
  [{ field: { name: 'email', is: { exists: false } } }, 'Contacts without Email'],
])('an audience reads as a sentence: %j', (filter, words) => {
  expect(describe(t, filter, names)).toBe(words);
});

test('what is not decided yet is said to be open, and leads to its step', () => {
  const open = sentences(t, draft, { names }).filter((each) => each.open);
  expect(open.map(({ step, text }) => [step, text])).toEqual([
    ['audience', 'Who gets it is still open.'],
    ['message', 'The number it comes from is still open.'],
    ['message', 'The template is still open.'],
  ]);
  expect(firstOpen(draft)).toBe('audience');
});

test('what is decided is said, gap by gap', () => {
  const full: Campaign = {
    ...draft,
    audience: { everyone: true },
    number_id: 'number_1',
    template_id: 'template_1',
    variables: {
      'body.first_name': { from: 'field', key: 'first_name', fallback: 'there' },
      'body.2': { from: 'constant', value: '20 %' },
    },
  };
  const facts: Facts = {
    names,
    template,
    number: { verified_name: 'Kite & Co.' } as PhoneNumber,
    count: 1204,
  };
  const told = sentences(t, full, facts).map(({ text }) => text);
  expect(told.slice(0, 5)).toEqual([
    'Everyone: 1,204 people.',
    'Kite & Co. sends it.',
    'It says “sale” in English. WhatsApp calls it Marketing.',
    '{{first_name}}: First name, else “there”.',
    '{{2}}: “20 %”.',
  ]);
  expect(told).toContain('1 gap has no words yet.');
  expect(isDecided('message', full, template)).toBe(false);
  expect(isDecided('message', full)).toBe(true);
});

test('times and safety read as sentences', () => {
  expect(whenWords(t, { when: 'at', at: '2026-12-01T04:30:00Z', zone: 'Asia/Kolkata' })).toMatch(
    /Tuesday.*1.*2026 at 10:00.*Asia\/Kolkata/,
  );
  expect(whenWords(t, { when: 'local', date: '2026-12-01', time: '10:00', trait: null })).toMatch(
    /by their own clock/,
  );
  expect(safetyWords(t, draft.settings)).toEqual([
    'You can take it back for 10 seconds.',
    'Above 5,000 people, 2% get it first; the rest follow after 15 minutes if that went well.',
    'It stops by itself when more than 20% fail.',
  ]);
  expect(safetyWords(t, { ...draft.settings, undo_seconds: 0, canary: null })[0]).toBe(
    'It cannot be taken back.',
  );
});

test('gaps are guessed by their names and keep what was said before', () => {
  expect(
    guessedSources(template, {
      'body.2': { from: 'constant', value: 'x' },
      gone: { from: 'constant', value: 'y' },
    }),
  ).toEqual({
    'body.first_name': { from: 'field', key: 'first_name', fallback: null },
    'body.2': { from: 'constant', value: 'x' },
  });
  const source = sourceFrom('trait:city', { from: 'field', key: 'name', fallback: 'you' });
  expect(source).toEqual({ from: 'trait', key: 'city', fallback: 'you' });
  expect(sourceId(source)).toBe('trait:city');
  expect(sourceFrom('column:A:B', undefined)).toEqual({ from: 'column', key: 'A:B', fallback: null });
  expect(sourceWords(t, source, names)).toBe('City, else “you”');
  expect(around(template, 'body.2')).toBe('… year begins today with {{2}} off everything.');
});
