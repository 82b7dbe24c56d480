import { describe, expect, it } from 'vitest';
import type { Template, TemplateComponent } from '~/api/contract';
import { componentsOf, draftOf, emptyForm, type Form, formOf, isWritable, lengthOf, slugOf } from './form';

const form = (change: Partial<Form>): Form => ({ ...emptyForm('1', 'en_US'), ...change });
const template = (components: TemplateComponent[], change: Partial<Template> = {}): Template =>
  ({
    id: 't',
    waba_id: '1',
    name: 'kites',
    language: 'en_US',
    category: 'marketing',
    parameter_format: 'named',
    components,
    ...change,
  }) as Template;

describe('what is written', () => {
  it('becomes components, without what was left out', () => {
    expect(componentsOf(form({ body: 'Hello.' }))).toEqual([{ type: 'BODY', text: 'Hello.' }]);
    expect(componentsOf(form({ body: '', footer: '  ' }))).toEqual([{ type: 'BODY', text: '' }]);
  });

  it('carries its samples by name, or in order', () => {
    const body = 'Hi {{name}}, {{ item }} left. Bye {{name}}.';
    expect(
      componentsOf(form({ body, samples: { item: ' a kite ', name: 'Asha', old: 'x' } }))[0]?.example,
    ).toEqual({
      body_text_named_params: [
        { param_name: 'name', example: 'Asha' },
        { param_name: 'item', example: 'a kite' },
      ],
    });
    expect(
      componentsOf(form({ named: false, body: '{{2}} {{1}}', samples: { 1: 'a' } }))[0]?.example,
    ).toEqual({
      body_text: [['', 'a']],
    });
  });

  it('keeps what is not chosen at the moment out of the components', () => {
    const written = form({
      header: 'image',
      headerText: 'Sale',
      file: { id: 'm', handle: null, drawn: 'm' },
    });
    expect(componentsOf(written)[0]).toEqual({ type: 'HEADER', format: 'IMAGE', media_id: 'm' });
    expect(componentsOf({ ...written, header: 'text' })[0]).toEqual({
      type: 'HEADER',
      format: 'TEXT',
      text: 'Sale',
    });
    expect(componentsOf({ ...written, header: 'none' })).toHaveLength(1);
  });

  it('puts the whole link into the example of its end', () => {
    const button = {
      key: 0,
      kind: 'url',
      text: ' Track ',
      url: 'https://k.example/{{1}}',
      phone: '',
      sample: '7',
    } as const;
    expect(componentsOf(form({ buttons: [button] })).at(-1)?.buttons).toEqual([
      { type: 'URL', text: 'Track', url: 'https://k.example/{{1}}', example: ['https://k.example/7'] },
    ]);
    expect(
      componentsOf(form({ buttons: [{ ...button, sample: '' }] })).at(-1)?.buttons?.[0]?.example,
    ).toEqual(['']);
  });

  it('of a code is only what is told beside it', () => {
    const code = form({
      category: 'authentication',
      body: 'mine',
      footer: 'mine',
      minutes: 5,
      codeButton: '',
    });
    expect(componentsOf(code)).toEqual([
      { type: 'BODY', add_security_recommendation: true },
      { type: 'FOOTER', code_expiration_minutes: 5 },
      { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE' }] },
    ]);
    expect(componentsOf({ ...code, minutes: null })).toHaveLength(2);
    expect(draftOf(code).parameter_format).toBe('positional');
  });
});

describe('a template that is there', () => {
  const components: TemplateComponent[] = [
    { type: 'HEADER', format: 'DOCUMENT', example: { header_handle: ['4::abc'] } },
    {
      type: 'BODY',
      text: 'Hi {{name}}.',
      example: { body_text_named_params: [{ param_name: 'name', example: 'Zoë' }] },
    },
    { type: 'FOOTER', text: 'Kite & Co.' },
    {
      type: 'BUTTONS',
      buttons: [
        { type: 'QUICK_REPLY', text: 'Thanks' },
        { type: 'URL', text: 'Track', url: 'https://k.example/{{1}}', example: ['https://k.example/7'] },
        { type: 'PHONE_NUMBER', text: 'Call', phone_number: '+912248901199' },
        { type: 'COPY_CODE', example: 'FLY' },
      ],
    },
  ];

  it('comes out of the form as it went in', () => {
    expect(isWritable(template(components))).toBe(true);
    expect(componentsOf(formOf(template(components)))).toEqual(components);
    const code: TemplateComponent[] = [
      { type: 'BODY', add_security_recommendation: false },
      { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE', text: 'Copy' }] },
    ];
    expect(componentsOf(formOf(template(code, { category: 'authentication' })))).toEqual(code);
  });

  it('is drawn with the file of ours, also where Meta has the sample', () => {
    const written: TemplateComponent[] = [{ type: 'HEADER', format: 'IMAGE', media_id: 'm' }];
    expect(formOf(template(written)).file).toEqual({ id: 'm', handle: null, drawn: 'm' });
    const synced = template(components, { header_media_id: 'n' });
    expect(formOf(synced).file).toEqual({ id: null, handle: '4::abc', drawn: 'n' });
    expect(formOf(template(components)).file?.drawn).toBeNull();
  });

  it('is left alone where it has parts that cannot be written here', () => {
    for (const extra of [
      { type: 'CAROUSEL', cards: [] },
      { type: 'LIMITED_TIME_OFFER' },
      { type: 'HEADER', format: 'PRODUCT' },
      { type: 'BUTTONS', buttons: [{ type: 'CATALOG' }] },
      { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'ONE_TAP' }] },
    ])
      expect(isWritable(template([{ type: 'BODY', text: 'x' }, extra])), extra.type).toBe(false);
  });
});

describe('names and lengths', () => {
  it('are what Meta takes', () => {
    expect(slugOf('Ordér Shipped')).toBe('order_shipped');
    expect(slugOf('  __x')).toBe('x');
    expect(slugOf('order_')).toBe('order_');
    expect(lengthOf('👍a')).toBe(2);
  });
});
