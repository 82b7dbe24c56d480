/** What is filled into a template, and what it then says: the same words that the customer will see. */
import type { Template, TemplateComponent, TemplateVariable } from '~/api/contract';
import type { SentTemplate } from '~/features/messages/content';

export type Values = Record<string, string>;
export type HeaderFormat = 'text' | 'image' | 'video' | 'document' | 'location';

const rtl = new Set(['ar', 'fa', 'he', 'prs', 'ps', 'ur']);

/** Which way a language is written; template languages look like `en_US`. */
export const directionOf = (language: string): 'ltr' | 'rtl' =>
  rtl.has(language.split(/[_-]/)[0]?.toLowerCase() ?? '') ? 'rtl' : 'ltr';

const part = (template: Template, type: string): TemplateComponent | undefined =>
  template.components.find((each) => each.type.toUpperCase() === type);

/** The format of the header, or null where there is none or one that cannot be filled here. */
export function headerOf(template: Template): HeaderFormat | null {
  const format = part(template, 'HEADER')?.format?.toLowerCase();
  return format === 'text' ||
    format === 'image' ||
    format === 'video' ||
    format === 'document' ||
    format === 'location'
    ? format
    : null;
}

/** Puts values into the places between double braces; what has none yet stays as it is. */
function filled(text: string, component: 'header' | 'body', values: Values): string {
  return text.replace(
    /\{\{\s*([^}]+?)\s*\}\}/g,
    (whole, name: string) => values[`${component}.${name}`]?.trim() || whole,
  );
}

/** The words of a template with what was filled in. */
export function contentOf(template: Template, values: Values): SentTemplate {
  const header = part(template, 'HEADER');
  const format = headerOf(template);
  return {
    name: template.name,
    language: template.language,
    header: format
      ? {
          format,
          text: format === 'text' ? filled(header?.text ?? '', 'header', values) : null,
          location: null,
        }
      : null,
    body: filled(part(template, 'BODY')?.text ?? '', 'body', values),
    footer: part(template, 'FOOTER')?.text ?? null,
    buttons: (part(template, 'BUTTONS')?.buttons ?? []).map((button, index) => ({
      type: button.type.toLowerCase(),
      text: button.text || '',
      url: button.url?.replace(/\{\{[^}]*\}\}/, values[`button.${index}.url`]?.trim() || '…') ?? null,
      phone: button.phone_number ?? button.phone ?? null,
      code: values[`button.${index}.code`]?.trim() || null,
    })),
  };
}

/** The first thing that a variable could be, taken from what is known of the contact. */
export function guessFor(variable: TemplateVariable, contactName: string | null): string {
  const name = variable.key.split('.').at(-1) ?? '';
  if (!contactName) return '';
  if (/^(first_?name|given_?name)$/i.test(name)) return contactName.trim().split(/\s+/)[0] ?? '';
  return /^((customer|contact|full)_?)?name$/i.test(name) ? contactName.trim() : '';
}

/** The variables that still have no words. */
export const missing = (template: Template, values: Values): string[] =>
  template.variables.filter(({ key }) => !values[key]?.trim()).map(({ key }) => key);

export interface Family {
  name: string;
  /** One for each language. */
  templates: Template[];
}

/** Templates of one name in several languages belong together. */
export function familiesOf(templates: Template[]): Family[] {
  const families = new Map<string, Template[]>();
  for (const template of templates) {
    const family = families.get(template.name);
    if (family) family.push(template);
    else families.set(template.name, [template]);
  }
  return [...families].map(([name, all]) => ({
    name,
    templates: all.toSorted((a, b) => a.language.localeCompare(b.language)),
  }));
}

/** The language to begin with: that of the reader, else English, else the first. */
export function preferred(family: Family, locale: string): Template | undefined {
  const wanted = locale.toLowerCase().replace('-', '_');
  const short = wanted.split('_')[0] ?? '';
  const starts = (prefix: string) =>
    family.templates.find((each) => each.language.toLowerCase().startsWith(prefix));
  return (
    family.templates.find((each) => each.language.toLowerCase() === wanted) ??
    starts(short) ??
    starts('en') ??
    family.templates[0]
  );
}

/** Whether a family is meant by what was typed: its name or the words of one of its bodies. */
export function isMeant({ name, templates }: Family, query: string): boolean {
  const words = query.toLocaleLowerCase().trim().split(/\s+/).filter(Boolean);
  const text = [name, name.replaceAll('_', ' '), ...templates.map((each) => part(each, 'BODY')?.text ?? '')]
    .join(' ')
    .toLocaleLowerCase();
  return words.every((word) => text.includes(word));
}
