/**
 * A template as it is written: flat, with room for what is not chosen at the moment, so that trying
 * another header or another category loses nothing. Meta's components are made of it and read into it.
 */
import type {
  Template,
  TemplateButton,
  TemplateCategory,
  TemplateComponent,
  TemplateDraft,
} from '~/api/contract';
import { endOf, partOf, placesIn } from '../preview/drawing';

export const headerKinds = ['none', 'text', 'image', 'video', 'document', 'location'] as const;
export type HeaderChoice = (typeof headerKinds)[number];
export const buttonKinds = ['quick_reply', 'url', 'phone_number', 'copy_code'] as const;
export type ButtonKind = (typeof buttonKinds)[number];

export interface FormButton {
  /** Its name while it is moved about. */
  key: number;
  kind: ButtonKind;
  text: string;
  url: string;
  phone: string;
  /** The end of a link, or the code. */
  sample: string;
}

export interface Form {
  wabaId: string;
  name: string;
  language: string;
  category: TemplateCategory;
  named: boolean;
  header: HeaderChoice;
  headerText: string;
  headerSample: string;
  /** A file of ours, or the handle of the one that Meta has; `drawn` is the file of ours that shows it. */
  file: { id: string | null; handle: string | null; drawn: string | null } | null;
  body: string;
  /** By what stands between the braces. */
  samples: Record<string, string>;
  footer: string;
  buttons: FormButton[];
  /** Of an authentication template. */
  advice: boolean;
  minutes: number | null;
  codeButton: string;
  ttl: number | null;
}

/** Meta's figures that the form counts towards; whether they are kept is checked by the server. */
export const most = {
  name: 512,
  header: 60,
  body: 1024,
  footer: 60,
  buttons: 10,
  button: 25,
  url: 2000,
  phone: 20,
  code: 20,
};
export const mostOf: Record<ButtonKind, number> = { quick_reply: 10, url: 2, phone_number: 1, copy_code: 1 };

export const emptyForm = (wabaId: string, language: string): Form => ({
  wabaId,
  name: '',
  language,
  category: 'marketing',
  named: true,
  header: 'none',
  headerText: '',
  headerSample: '',
  file: null,
  body: '',
  samples: {},
  footer: '',
  buttons: [],
  advice: true,
  minutes: 10,
  codeButton: '',
  ttl: null,
});

/** A name as Meta takes it, from whatever was typed. */
export const slugOf = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^_+/, '')
    .slice(0, most.name);

/** As Meta counts: by code points. */
export const lengthOf = (text: string): number => [...text].length;

function buttonOf(button: FormButton): TemplateButton {
  const { kind, text, url, phone, sample } = button;
  switch (kind) {
    case 'quick_reply':
      return { type: 'QUICK_REPLY', text: text.trim() };
    case 'url': {
      const link = url.trim();
      if (!link.includes('{{')) return { type: 'URL', text: text.trim(), url: link };
      const example = sample.trim() ? link.replace(/\{\{[^}]*\}\}/, sample.trim()) : '';
      return { type: 'URL', text: text.trim(), url: link, example: [example] };
    }
    case 'phone_number':
      return { type: 'PHONE_NUMBER', text: text.trim(), phone_number: phone.trim() };
    case 'copy_code':
      return { type: 'COPY_CODE', example: sample.trim() };
  }
}

function headerOf(form: Form): TemplateComponent[] {
  const { header, headerText, headerSample, file, named } = form;
  if (header === 'none') return [];
  if (header === 'location') return [{ type: 'HEADER', format: 'LOCATION' }];
  if (header === 'text') {
    const [name] = placesIn(headerText);
    if (!name) return [{ type: 'HEADER', format: 'TEXT', text: headerText.trim() }];
    const example = named
      ? { header_text_named_params: [{ param_name: name, example: headerSample.trim() }] }
      : { header_text: [headerSample.trim()] };
    return [{ type: 'HEADER', format: 'TEXT', text: headerText.trim(), example }];
  }
  return [
    {
      type: 'HEADER',
      format: header.toUpperCase(),
      ...(file?.id ? { media_id: file.id } : {}),
      ...(file?.handle ? { example: { header_handle: [file.handle] } } : {}),
    },
  ];
}

function bodyOf({ body, samples, named }: Form): TemplateComponent {
  const names = placesIn(body);
  if (names.length === 0) return { type: 'BODY', text: body };
  const sample = (name: string) => samples[name]?.trim() ?? '';
  return {
    type: 'BODY',
    text: body,
    example: named
      ? { body_text_named_params: names.map((name) => ({ param_name: name, example: sample(name) })) }
      : { body_text: [names.map(sample)] },
  };
}

/** Meta's components of what is written. */
export function componentsOf(form: Form): TemplateComponent[] {
  if (form.category === 'authentication')
    return [
      { type: 'BODY', add_security_recommendation: form.advice },
      ...(form.minutes === null ? [] : [{ type: 'FOOTER', code_expiration_minutes: form.minutes }]),
      {
        type: 'BUTTONS',
        buttons: [
          {
            type: 'OTP',
            otp_type: 'COPY_CODE',
            ...(form.codeButton.trim() ? { text: form.codeButton.trim() } : {}),
          },
        ],
      },
    ];
  return [
    ...headerOf(form),
    bodyOf(form),
    ...(form.footer.trim() ? [{ type: 'FOOTER', text: form.footer.trim() }] : []),
    ...(form.buttons.length > 0 ? [{ type: 'BUTTONS', buttons: form.buttons.map(buttonOf) }] : []),
  ];
}

export const draftOf = (form: Form): TemplateDraft => ({
  waba_id: form.wabaId || undefined,
  name: form.name,
  language: form.language,
  category: form.category,
  // A code has one place, and Meta numbers it.
  parameter_format: form.named && form.category !== 'authentication' ? 'named' : 'positional',
  components: componentsOf(form),
  ttl_seconds: form.ttl,
});

const written = new Set(['HEADER', 'BODY', 'FOOTER', 'BUTTONS']);

/** Whether all of a template can be written here; carousels, offers and their like cannot yet. */
export function isWritable(template: Template): boolean {
  const { components, category } = template.edit ?? template;
  const header = partOf(components, 'HEADER')?.format?.toLowerCase() ?? 'none';
  const buttons = partOf(components, 'BUTTONS')?.buttons ?? [];
  const kinds = buttons.map((each) => each.type.toLowerCase());
  return (
    components.every((each) => written.has(each.type.toUpperCase())) &&
    headerKinds.some((kind) => kind === header) &&
    (category === 'authentication'
      ? buttons.every(
          ({ type, otp_type }) =>
            type.toUpperCase() === 'OTP' && /^copy_code$/i.test(otp_type ?? 'copy_code'),
        )
      : kinds.every((kind) => buttonKinds.some((known) => known === kind)))
  );
}

const firstOf = (example: TemplateButton['example']): string =>
  (Array.isArray(example) ? example[0] : example) ?? '';

/** The form of a template that is there. */
export function formOf(template: Template): Form {
  const { components, parameter_format, category, ttl_seconds } = template.edit ?? template;
  const named = parameter_format === 'named';
  const header = partOf(components, 'HEADER');
  const body = partOf(components, 'BODY');
  const footer = partOf(components, 'FOOTER');
  const kind = headerKinds.find((each) => each === header?.format?.toLowerCase()) ?? 'none';
  const handle = header?.example?.header_handle?.[0] ?? null;
  const examples = body?.example;
  const otp = partOf(components, 'BUTTONS')?.buttons?.find((each) => each.type.toUpperCase() === 'OTP');
  return {
    ...emptyForm(template.waba_id, template.language),
    name: template.name,
    category,
    named,
    header: kind,
    headerText: kind === 'text' ? (header?.text ?? '') : '',
    headerSample:
      header?.example?.header_text?.[0] ?? header?.example?.header_text_named_params?.[0]?.example ?? '',
    file:
      header?.media_id || handle
        ? {
            id: header?.media_id ?? null,
            handle,
            drawn: header?.media_id ?? template.header_media_id ?? null,
          }
        : null,
    body: body?.text ?? '',
    samples: Object.fromEntries(
      placesIn(body?.text ?? '').map((name, at) => [
        name,
        examples?.body_text_named_params?.find((each) => each.param_name === name)?.example ??
          examples?.body_text?.[0]?.[at] ??
          '',
      ]),
    ),
    footer: footer?.text ?? '',
    buttons: (partOf(components, 'BUTTONS')?.buttons ?? []).flatMap((button, key): FormButton[] => {
      const own = buttonKinds.find((each) => each === button.type.toLowerCase());
      if (!own) return [];
      const example = firstOf(button.example);
      return [
        {
          key,
          kind: own,
          text: button.text ?? '',
          url: button.url ?? '',
          phone: button.phone_number ?? '',
          sample: own === 'url' ? endOf(button.url ?? '', example) : example,
        },
      ];
    }),
    advice: body?.add_security_recommendation ?? true,
    minutes: footer ? (footer.code_expiration_minutes ?? null) : otp ? null : 10,
    codeButton: otp?.text ?? '',
    ttl: ttl_seconds ?? null,
  };
}
