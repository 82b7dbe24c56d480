/** Where the words of a template's places come from. */
import type { Template, TemplateVariable } from '~/api/contract';
import type { Source, Sources } from '../contract';

/** A place as the template has it: `{{1}}`; of a button the button’s own words. */
export function placeName(template: Template, { key }: TemplateVariable): string {
  const [part, name = ''] = key.split('.');
  if (part !== 'button') return `{{${key.split('.').at(-1)}}}`;
  const buttons = template.components.find((each) => each.type.toUpperCase() === 'BUTTONS')?.buttons;
  const button = buttons?.[Number(name)];
  const type = button?.type.toLowerCase().replaceAll('_', ' ') ?? key;
  return button?.text?.trim() || type.charAt(0).toUpperCase() + type.slice(1);
}

/** Whether a button's link is one that this server counts: then its value is where it leads. */
export function isShort(template: Template, key: string): boolean {
  const [part, at = '', what] = key.split('.');
  if (part !== 'button' || what !== 'url') return false;
  const buttons = template.components.find((each) => each.type.toUpperCase() === 'BUTTONS')?.buttons;
  return buttons?.[Number(at)]?.url?.startsWith(`${window.location.origin}/l/`) ?? false;
}

function guess(variable: TemplateVariable): Source | undefined {
  const name = variable.key.split('.').at(-1) ?? '';
  if (/^(first_?name|given_?name)$/i.test(name)) return { from: 'field', key: 'first_name', fallback: null };
  if (/^((customer|contact|full)_?)?name$/i.test(name)) return { from: 'field', key: 'name', fallback: null };
  return undefined;
}

/** The sources for a template that was just chosen: what was said for the same places before, else a guess by name. */
export function guessedSources(template: Template, before: Sources): Sources {
  const made: Sources = {};
  for (const variable of template.variables) {
    const source = before[variable.key] ?? guess(variable);
    if (source) made[variable.key] = source;
  }
  return made;
}

/** A source as one entry of a list: `field:name`, `trait:city`, `column:Code`, `constant`. */
export const sourceId = (source: Source | undefined): string =>
  !source ? '' : source.from === 'constant' ? 'constant' : `${source.from}:${source.key}`;

/** The source that an entry of the list means; the fallback stays. */
export function sourceFrom(id: string, before: Source | undefined): Source {
  if (id === 'constant') return { from: 'constant', value: before?.from === 'constant' ? before.value : '' };
  const [from, key = ''] = id.split(/:(.*)/s);
  const fallback = before && before.from !== 'constant' ? (before.fallback ?? null) : null;
  return { from: from === 'trait' || from === 'column' ? from : 'field', key, fallback };
}

/** The words around a place, to see what it is for: “…order {{1}} is…”. */
export function around(template: Template, key: string, most = 24): string | null {
  const [part = '', name = ''] = key.split('.');
  const type = part.toUpperCase();
  if (type !== 'BODY' && type !== 'HEADER') return null;
  const text = template.components.find((each) => each.type.toUpperCase() === type)?.text ?? '';
  const at = text.search(new RegExp(`\\{\\{\\s*${name.replace(/[^\w]/g, '\\$&')}\\s*\\}\\}`));
  if (at < 0) return null;
  const end = text.indexOf('}}', at) + 2;
  const before = text.slice(Math.max(0, at - most), at).replace(/\s+/g, ' ');
  const after = text.slice(end, end + most).replace(/\s+/g, ' ');
  return `${at > most ? '…' : ''}${before}${text.slice(at, end)}${after}${end + most < text.length ? '…' : ''}`;
}
