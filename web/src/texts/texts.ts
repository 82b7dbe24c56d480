import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from './en';
import type audience from './en/audience.json';
import type campaigns from './en/campaigns.json';
import type contacts from './en/contacts.json';
import type imports from './en/imports.json';
import type ongoing from './en/ongoing.json';
import type templates from './en/templates.json';
import { type Catalogue, pseudo } from './pseudo';

/** What is there from the start, and what pages bring along. */
type Whole = typeof en &
  typeof audience &
  typeof campaigns &
  typeof contacts &
  typeof imports &
  typeof ongoing &
  typeof templates;

/** Every key of the catalogue with its whole path, such as `actions.close`. */
type Paths<Tree, Before extends string = ''> = {
  [Key in keyof Tree & string]: Tree[Key] extends string
    ? `${Before}${Key}`
    : Paths<Tree[Key], `${Before}${Key}.`>;
}[keyof Tree & string];

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'texts';
    // Told as one flat list: to walk the tree on every use is more than the compiler's patience.
    resources: { texts: { [Path in Paths<Whole>]: string } };
    keySeparator: false;
  }
}

const remembered = 'wigwag-language';

/** The language asked for in the address (`?lang=`), else the one of this tab, else English. */
function language(): string {
  const asked = new URLSearchParams(location.search).get('lang');
  if (asked) sessionStorage.setItem(remembered, asked);
  return asked ?? sessionStorage.getItem(remembered) ?? 'en';
}

/** Right to left for the languages that are, and for `?dir=rtl`, so that any language can be tried. */
export function direction(): 'ltr' | 'rtl' {
  const asked = new URLSearchParams(location.search).get('dir');
  if (asked) sessionStorage.setItem('wigwag-direction', asked);
  const dir = asked ?? sessionStorage.getItem('wigwag-direction');
  if (dir === 'rtl' || dir === 'ltr') return dir;
  return /^(ar|fa|he|ur|pseudo-rtl)\b/.test(language()) ? 'rtl' : 'ltr';
}

export function startTexts(): void {
  const lng = language();
  const isPseudo = lng.startsWith('pseudo');
  void i18next.use(initReactI18next).init({
    lng: isPseudo ? lng : 'en',
    fallbackLng: 'en',
    ns: ['texts'],
    defaultNS: 'texts',
    resources: { en: { texts: en }, ...(isPseudo ? { [lng]: { texts: pseudo(en) } } : {}) },
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  document.documentElement.lang = isPseudo ? 'en' : lng;
  if (isPseudo) document.documentElement.dataset.pseudo = '';
  document.documentElement.dir = direction();
}

/** Adds the words that only some pages need; they come with the code of those pages. */
export function addTexts(catalogue: Catalogue): void {
  const lng = language();
  i18next.addResourceBundle('en', 'texts', catalogue, true);
  if (lng.startsWith('pseudo')) i18next.addResourceBundle(lng, 'texts', pseudo(catalogue), true);
}

/** The locale for numbers, dates and lists: the browser's, because texts are English only so far. */
export const locale = (): string => navigator.language || 'en';
