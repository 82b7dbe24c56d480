/** What is known of a contact or told with an event, as people read it. */
import type { TFunction } from 'i18next';
import { exact } from '~/lib/format';
import { locale } from '~/texts/texts';

/** A key as people read it, where nobody gave it a name. */
export const keyWords = (key: string): string => key.replaceAll('_', ' ');

const isTime = (text: string): boolean => /^\d{4}-\d\d-\d\dT/.test(text);

/** A value in words; null for none. */
export function givenWords(t: TFunction<'texts'>, value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (Array.isArray(value)) {
    const all = value.map((each) => givenWords(t, each)).filter((each) => each !== null);
    return all.length > 0 ? new Intl.ListFormat(locale(), { type: 'conjunction' }).format(all) : null;
  }
  if (typeof value === 'boolean') return t(value ? 'panel.yes' : 'panel.no');
  if (typeof value === 'number')
    return new Intl.NumberFormat(locale(), { maximumFractionDigits: 6 }).format(value);
  if (typeof value === 'object') return JSON.stringify(value);
  const text = String(value);
  return isTime(text) ? exact(text) : text;
}
