import { describe, expect, it } from 'vitest';
import type { Template } from '~/api/contract';
import {
  contentOf,
  directionOf,
  familiesOf,
  guessFor,
  headerOf,
  isMeant,
  missing,
  preferred,
} from './variables';

const template = (patch: Partial<Template> = {}): Template => ({
  id: 't',
  waba_id: 'w',
  meta_template_id: '1',
  name: 'order_confirmed',
  language: 'en_US',
  category: 'utility',
  status: 'approved',
  quality: 'green',
  previous_category: null,
  category_changed_at: null,
  announced_category: null,
  rejected_reason: null,
  rejection_words: null,
  rejection_advice: null,
  pause_reason: null,
  pause_words: null,
  ttl_seconds: null,
  header_media_id: null,
  edit: null,
  refusal: null,
  submitted_at: null,
  parameter_format: 'positional',
  components: [
    { type: 'HEADER', format: 'TEXT', text: 'Order {{1}}' },
    { type: 'BODY', text: 'Hello {{1}}, {{2}} left. Bye {{1}}.' },
    { type: 'FOOTER', text: 'Kite & Co.' },
    {
      type: 'BUTTONS',
      buttons: [
        { type: 'QUICK_REPLY', text: 'Thanks' },
        { type: 'URL', text: 'Track', url: 'https://kite.example/t/{{1}}' },
        { type: 'COPY_CODE', text: 'Copy' },
      ],
    },
  ],
  variables: [
    { key: 'header.1', component: 'header', example: 'A17' },
    { key: 'body.1', component: 'body', example: 'Asha' },
    { key: 'body.2', component: 'body', example: 'a kite' },
    { key: 'button.1.url', component: 'button', example: 'https://kite.example/t/7' },
  ],
  submitting: false,
  editable: { allowed: true, reason: null, edits_left: 10, next_at: null },
  versions: 1,
  revision: 0,
  sendable: true,
  synced_at: '2026-03-04T10:00:00Z',
  ...patch,
});

describe('a filled template', () => {
  it('says what was filled in, each place for its own component', () => {
    const content = contentOf(template(), {
      'header.1': 'B2',
      'body.1': ' Asha ',
      'button.1.url': '42',
      'button.2.code': 'FLY',
    });
    expect(content).toMatchObject({
      header: { format: 'text', text: 'Order B2' },
      body: 'Hello Asha, {{2}} left. Bye Asha.',
      footer: 'Kite & Co.',
      buttons: [{ type: 'quick_reply' }, { url: 'https://kite.example/t/42' }, { code: 'FLY' }],
    });
  });

  it('does not read values as places', () => {
    expect(contentOf(template(), { 'body.1': '{{2}}', 'body.2': 'x' }).body).toBe(
      'Hello {{2}}, x left. Bye {{2}}.',
    );
    expect(contentOf(template(), { 'body.1': '$&' }).body).toContain('Hello $&,');
  });

  it('fills named places', () => {
    const named = template({ components: [{ type: 'BODY', text: 'Hi {{ first_name }}!' }] });
    expect(contentOf(named, { 'body.first_name': 'Asha' }).body).toBe('Hi Asha!');
    expect(headerOf(named)).toBeNull();
  });

  it('knows what is missing, blanks included', () => {
    expect(missing(template(), { 'header.1': 'x', 'body.1': ' ', 'body.2': 'y' })).toEqual([
      'body.1',
      'button.1.url',
    ]);
  });
});

describe('what is guessed', () => {
  it('is the name where a name is asked for', () => {
    const variable = (key: string) => ({ key, component: 'body', example: null });
    expect(guessFor(variable('body.first_name'), 'Asha Verma')).toBe('Asha');
    expect(guessFor(variable('body.customer_name'), 'Asha Verma')).toBe('Asha Verma');
    expect(guessFor(variable('body.1'), 'Asha Verma')).toBe('');
    expect(guessFor(variable('body.name'), null)).toBe('');
  });
});

describe('families', () => {
  const family = familiesOf([
    template({ language: 'hi' }),
    template({ language: 'ar' }),
    template(),
    template({ name: 'other' }),
  ]);

  it('hold the languages of one name', () => {
    expect(family.map(({ name, templates }) => [name, templates.map((each) => each.language)])).toEqual([
      ['order_confirmed', ['ar', 'en_US', 'hi']],
      ['other', ['en_US']],
    ]);
  });

  it('begin with the language of the reader', () => {
    const [first] = family;
    if (!first) throw new Error('no family');
    expect(preferred(first, 'hi-IN')?.language).toBe('hi');
    expect(preferred(first, 'en-GB')?.language).toBe('en_US');
    expect(preferred(first, 'fr-FR')?.language).toBe('en_US');
  });

  it('are found by name and words', () => {
    const [first] = family;
    if (!first) throw new Error('no family');
    for (const query of ['order_con', 'order confirmed', 'LEFT hello', ''])
      expect(isMeant(first, query), query).toBe(true);
    expect(isMeant(first, 'invoice')).toBe(false);
  });

  it('are written the way of their language', () => {
    expect(directionOf('ar')).toBe('rtl');
    expect(directionOf('ur_PK')).toBe('rtl');
    expect(directionOf('prs_AF')).toBe('rtl');
    expect(directionOf('en_US')).toBe('ltr');
  });
});
