/**
 * What a phone draws of a template: its components with values in their places. Only the parts and
 * their order are decided here; what WhatsApp says in words of its own is left to the one who draws.
 */
import type { TemplateButton, TemplateComponent } from '~/api/contract';
import { kindOf } from '../ButtonRows';
import type { Values } from '../variables';

export type HeaderKind = 'text' | 'image' | 'video' | 'gif' | 'document' | 'location' | 'product';

/** Words that WhatsApp puts there by itself. */
export type OwnWords = 'copyCode' | 'autofill' | 'catalog' | 'items' | 'item' | 'flow' | 'call' | 'order';

export interface DrawnButton {
  kind: ReturnType<typeof kindOf>;
  text: string;
  /** Stands in where the template brings no text. */
  own: OwnWords | null;
  hint: string | null;
}

export interface Drawing {
  header: { kind: HeaderKind; text: string } | null;
  /** The box of an offer that ends. */
  offer: { text: string; ends: boolean; endsAt: string | null; code: string | null } | null;
  body: string;
  /** A code, whose words are Meta's: what is told beside it. */
  code: { value: string | null; advice: boolean; minutes: number | null } | null;
  footer: string | null;
  buttons: DrawnButton[];
  /** Of a carousel, from the first to the last. */
  cards: Drawing[];
}

const PLACE = /\{\{\s*([^{}]+?)\s*\}\}/g;
const headers: HeaderKind[] = ['text', 'image', 'video', 'gif', 'document', 'location', 'product'];

export const partOf = (components: TemplateComponent[], type: string): TemplateComponent | undefined =>
  components.find((each) => each.type.toUpperCase() === type);

/** The names between double braces, each once, in the order in which one reads them. */
export const placesIn = (text: string): string[] => [
  ...new Set([...text.matchAll(PLACE)].map((match) => match[1] ?? '')),
];

/** Puts values into the places of a text; one without a value stays as it is written. */
export const fill = (text: string, prefix: string, values: Values): string =>
  text.replace(PLACE, (whole, name: string) => values[`${prefix}.${name}`]?.trim() || whole);

const own: Partial<Record<string, OwnWords>> = {
  COPY_CODE: 'copyCode',
  CATALOG: 'catalog',
  MPM: 'items',
  SPM: 'item',
  FLOW: 'flow',
  VOICE_CALL: 'call',
  CALL_REQUEST: 'call',
  ORDER_DETAILS: 'order',
};

const first = (example: TemplateButton['example']): string | undefined =>
  Array.isArray(example) ? example[0] : example;

/** The part of an example that is filled in: of a link only its end. */
export function endOf(url: string, example: string): string {
  const fixed = url.split('{{')[0] ?? '';
  return fixed && example.startsWith(fixed) ? example.slice(fixed.length) : example;
}

function buttonOf(button: TemplateButton, key: string, values: Values): DrawnButton {
  const type = button.type.toUpperCase();
  const oneTap = type === 'OTP' && /^(ONE|ZERO)_TAP$/i.test(button.otp_type ?? '');
  return {
    kind: kindOf(type),
    text: (oneTap ? button.autofill_text : button.text)?.trim() ?? '',
    own: type === 'OTP' ? (oneTap ? 'autofill' : 'copyCode') : (own[type] ?? null),
    hint:
      button.url?.replace(/\{\{[^}]*\}\}/, values[`${key}.url`]?.trim() || '…') ??
      button.phone_number ??
      button.phone ??
      (type === 'COPY_CODE' ? values[`${key}.code`]?.trim() || first(button.example) || null : null),
  };
}

/** Draws components; `within` is the part of a key in front of them, such as `card.0.`. */
export function draw(components: TemplateComponent[], values: Values, within = ''): Drawing {
  const header = partOf(components, 'HEADER');
  const kind = headers.find((each) => each === header?.format?.toLowerCase());
  const body = partOf(components, 'BODY');
  const footer = partOf(components, 'FOOTER');
  const offer = partOf(components, 'LIMITED_TIME_OFFER')?.limited_time_offer;
  const list = partOf(components, 'BUTTONS')?.buttons ?? [];
  const coupon = list.findIndex((each) => each.type.toUpperCase() === 'COPY_CODE');
  const isCode =
    list.some((each) => each.type.toUpperCase() === 'OTP') || body?.add_security_recommendation !== undefined;
  return {
    header:
      header && kind
        ? { kind, text: kind === 'text' ? fill(header.text ?? '', `${within}header`, values) : '' }
        : null,
    offer: offer
      ? {
          text: offer.text ?? '',
          ends: offer.has_expiration === true,
          endsAt: values[`${within}offer.expires_at`]?.trim() || null,
          code:
            coupon < 0
              ? null
              : values[`${within}button.${coupon}.code`]?.trim() || first(list[coupon]?.example) || null,
        }
      : null,
    body: fill(body?.text ?? '', `${within}body`, values),
    code: isCode
      ? {
          value: values[`${within}body.1`]?.trim() || null,
          advice: body?.add_security_recommendation === true,
          minutes: footer?.code_expiration_minutes ?? null,
        }
      : null,
    footer: footer?.text?.trim() ? footer.text : null,
    buttons: list.map((button, index) => buttonOf(button, `${within}button.${index}`, values)),
    cards: (partOf(components, 'CAROUSEL')?.cards ?? []).map((card, index) =>
      draw(card.components, values, `${within}card.${index}.`),
    ),
  };
}

/** The examples of a template as values: what stands in its places before anybody is known. */
export function examplesOf(components: TemplateComponent[], within = ''): Values {
  const values: Values = {};
  const take = (
    prefix: string,
    text: string,
    examples: string[],
    named: { param_name: string; example: string }[],
  ) => {
    for (const [at, name] of placesIn(text).entries()) {
      const example = named.find((each) => each.param_name === name)?.example ?? examples[at];
      if (example) values[`${within}${prefix}.${name}`] = example;
    }
  };
  for (const component of components) {
    const { example, text = '', buttons = [], cards = [] } = component;
    if (component.type.toUpperCase() === 'HEADER')
      take('header', text, example?.header_text ?? [], example?.header_text_named_params ?? []);
    if (component.type.toUpperCase() === 'BODY')
      take('body', text, example?.body_text?.[0] ?? [], example?.body_text_named_params ?? []);
    for (const [at, button] of buttons.entries()) {
      const shown = first(button.example);
      if (!shown) continue;
      if (button.url?.includes('{{')) values[`${within}button.${at}.url`] = endOf(button.url, shown);
      if (button.type.toUpperCase() === 'COPY_CODE') values[`${within}button.${at}.code`] = shown;
    }
    for (const [at, card] of cards.entries())
      Object.assign(values, examplesOf(card.components, `${within}card.${at}.`));
  }
  return values;
}
