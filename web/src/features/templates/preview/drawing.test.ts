import { describe, expect, it } from 'vitest';
import type { TemplateComponent } from '~/api/contract';
import { draw, endOf, examplesOf, fill, placesIn } from './drawing';

const order: TemplateComponent[] = [
  { type: 'HEADER', format: 'TEXT', text: 'Order {{1}}', example: { header_text: ['A17'] } },
  {
    type: 'BODY',
    text: 'Hello {{1}}, {{2}} leaves today. Bye {{1}}.',
    example: { body_text: [['Asha', 'a *red* kite']] },
  },
  { type: 'FOOTER', text: 'Kite & Co.' },
  {
    type: 'BUTTONS',
    buttons: [
      { type: 'QUICK_REPLY', text: 'Thanks' },
      {
        type: 'URL',
        text: 'Track',
        url: 'https://kite.example/t/{{1}}',
        example: ['https://kite.example/t/7'],
      },
      { type: 'COPY_CODE', example: 'FLY' },
    ],
  },
];

describe('a template', () => {
  it('is drawn with its values, each place for its own part', () => {
    expect(draw(order, { 'header.1': 'B2', 'body.1': ' Zoë ', 'button.1.url': '42' })).toMatchObject({
      header: { kind: 'text', text: 'Order B2' },
      body: 'Hello Zoë, {{2}} leaves today. Bye Zoë.',
      footer: 'Kite & Co.',
      code: null,
      offer: null,
      buttons: [
        { kind: 'reply', text: 'Thanks', own: null },
        { kind: 'link', text: 'Track', hint: 'https://kite.example/t/42' },
        { kind: 'copy', text: '', own: 'copyCode', hint: 'FLY' },
      ],
    });
  });

  it('has examples for all its places', () => {
    expect(examplesOf(order)).toEqual({
      'header.1': 'A17',
      'body.1': 'Asha',
      'body.2': 'a *red* kite',
      'button.1.url': '7',
      'button.2.code': 'FLY',
    });
    const named: TemplateComponent[] = [
      {
        type: 'BODY',
        text: 'Hi {{first_name}}, use {{ code }}.',
        example: {
          body_text_named_params: [
            { param_name: 'code', example: 'FLY' },
            { param_name: 'first_name', example: 'Asha' },
          ],
        },
      },
    ];
    expect(draw(named, examplesOf(named)).body).toBe('Hi Asha, use FLY.');
  });

  it('does not read values as places', () => {
    expect(fill('{{1}} {{2}}', 'body', { 'body.1': '{{2}}', 'body.2': '$&' })).toBe('{{2}} $&');
    expect(placesIn('{{1}} {{ 2 }} {{1}} {{}} {{ {{3}}')).toEqual(['1', '2', '3']);
  });

  it('stands whatever is missing', () => {
    expect(draw([], {})).toEqual({
      header: null,
      offer: null,
      body: '',
      code: null,
      footer: null,
      buttons: [],
      cards: [],
    });
    expect(draw([{ type: 'header', format: 'HOLOGRAM' }, { type: 'BUTTONS' }], {}).header).toBeNull();
    expect(draw([{ type: 'header', format: 'image' }], {}).header).toEqual({ kind: 'image', text: '' });
  });
});

describe('the kinds that are more than words', () => {
  it('a code has the words of WhatsApp', () => {
    const drawing = draw(
      [
        { type: 'BODY', add_security_recommendation: true },
        { type: 'FOOTER', code_expiration_minutes: 10 },
        { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE' }] },
      ],
      {},
    );
    expect(drawing.code).toEqual({ value: null, advice: true, minutes: 10 });
    expect(drawing.buttons).toEqual([{ kind: 'copy', text: '', own: 'copyCode', hint: null }]);
  });

  it('a one-tap code shows the words of its second button', () => {
    const [button] = draw(
      [
        {
          type: 'BUTTONS',
          buttons: [{ type: 'OTP', otp_type: 'ONE_TAP', text: 'Copy', autofill_text: 'Fill in' }],
        },
      ],
      {},
    ).buttons;
    expect(button).toMatchObject({ text: 'Fill in', own: 'autofill' });
  });

  it('an offer shows its code and whether it ends', () => {
    const components: TemplateComponent[] = [
      { type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Kites half off', has_expiration: true } },
      { type: 'BUTTONS', buttons: [{ type: 'COPY_CODE', example: ['FLY25'] }] },
    ];
    expect(draw(components, {}).offer).toEqual({
      text: 'Kites half off',
      ends: true,
      endsAt: null,
      code: 'FLY25',
    });
    const filled = draw(components, {
      'button.0.code': 'SUN',
      'offer.expires_at': '2026-12-24T18:00:00Z',
    }).offer;
    expect(filled).toMatchObject({ code: 'SUN', endsAt: '2026-12-24T18:00:00Z' });
  });

  it('a carousel has cards with places of their own', () => {
    const components: TemplateComponent[] = [
      { type: 'BODY', text: 'New kites' },
      {
        type: 'CAROUSEL',
        cards: ['Red', 'Blue'].map((name) => ({
          components: [
            { type: 'HEADER', format: 'IMAGE' },
            { type: 'BODY', text: `${name}, {{1}}`, example: { body_text: [['900 g']] } },
            { type: 'BUTTONS', buttons: [{ type: 'URL', text: 'Buy', url: 'https://k.example/{{1}}' }] },
          ],
        })),
      },
    ];
    expect(examplesOf(components)).toEqual({ 'card.0.body.1': '900 g', 'card.1.body.1': '900 g' });
    const { cards } = draw(components, { 'card.1.body.1': '1 kg', 'card.1.button.0.url': 'blue' });
    expect(cards.map(({ body, header, buttons }) => [body, header?.kind, buttons[0]?.hint])).toEqual([
      ['Red, {{1}}', 'image', 'https://k.example/…'],
      ['Blue, 1 kg', 'image', 'https://k.example/blue'],
    ]);
  });

  it('of a link only the end is filled in', () => {
    expect(endOf('https://k.example/{{1}}', 'https://k.example/7')).toBe('7');
    expect(endOf('https://k.example/{{1}}', '7')).toBe('7');
  });
});
