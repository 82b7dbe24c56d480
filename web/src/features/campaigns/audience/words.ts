/** An audience in a sentence. */
import type { TFunction } from 'i18next';
import { date } from '~/lib/format';
import { locale } from '~/texts/texts';
import type { FieldName, Filter, Op, Trait, Value } from '../contract';
import { operatorOf } from './operators';
import { compared as halves } from './tree';

/** What ids and keys are called. */
export interface Names {
  traits: Trait[];
  list: (id: string) => string | undefined;
  campaign: (id: string) => string | undefined;
}

type T = TFunction<'texts'>;

export const fieldWords = (t: T, name: FieldName): string => t(`audience.fields.${name}`);

export const traitWords = (traits: Trait[], key: string): string =>
  traits.find((each) => each.key === key)?.label || key.replaceAll('_', ' ');

const listed = (words: string[], type: 'conjunction' | 'disjunction'): string =>
  new Intl.ListFormat(locale(), { type }).format(words);

export function countryName(code: string): string {
  try {
    return new Intl.DisplayNames(locale(), { type: 'region' }).of(code) ?? code;
  } catch {
    return code;
  }
}

function valueWords(t: T, value: Value | Value[] | undefined, country: boolean): string {
  if (Array.isArray(value))
    return listed(
      value.map((each) => valueWords(t, each, country)),
      'disjunction',
    );
  if (typeof value === 'boolean') return t(value ? 'audience.yes' : 'audience.no');
  if (typeof value === 'number') return new Intl.NumberFormat(locale()).format(value);
  const text = value ?? '';
  if (country) return countryName(text);
  return /^\d{4}-\d\d-\d\dT/.test(text) ? date(text) : t('audience.quoted', { text });
}

function compared(t: T, name: string, is: Op, not: boolean, country: boolean): string {
  const { op, value } = halves(is);
  const time = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value);
  const operator = operatorOf({ op, value }, not);
  if (time && operator === 'atLeast')
    return t('audience.says.since', { name, value: valueWords(t, value, false) });
  if (time && operator === 'lessThan')
    return t('audience.says.before', { name, value: valueWords(t, value, false) });
  return t(`audience.says.${operator}`, { name, value: valueWords(t, value, country) });
}

const outcomeNames = [
  'sent',
  'delivered',
  'read',
  'replied',
  'clicked',
  'converted',
  'opted_out',
  'failed',
  'skipped',
] as const;

/** What became of people, in a word that stands in a list. */
export function outcomeWords(t: T, outcome: string): string {
  const known = outcomeNames.find((each) => each === outcome);
  return known ? t(`audience.outcomes.${known}`) : outcome;
}

function clause(t: T, filter: Filter, names: Names, not: boolean, inner: boolean): string {
  if ('not' in filter) return clause(t, filter.not, names, !not, inner);
  if ('everyone' in filter) return t(not ? 'audience.says.nobody' : 'audience.says.anybody');
  if ('tag' in filter) return t(not ? 'audience.says.tagNot' : 'audience.says.tag', { tag: filter.tag });
  if ('trait' in filter)
    return compared(t, traitWords(names.traits, filter.trait.key), filter.trait.is, not, false);
  if ('field' in filter) {
    const { name, is } = filter.field;
    return compared(t, fieldWords(t, name), is, not, name === 'country');
  }
  if ('consent' in filter) {
    const words = t(`audience.says.consent.${filter.consent.state}`, {
      category: t(`audience.categories.${filter.consent.category}`),
    });
    return not ? t('audience.says.notSo', { clause: words }) : words;
  }
  if ('list' in filter) {
    const name = names.list(filter.list) ?? t('audience.someList');
    return t(not ? 'audience.says.listNot' : 'audience.says.list', { name });
  }
  if ('campaign' in filter) {
    const { id, outcome, not: missed } = filter.campaign;
    return t(Boolean(missed) !== not ? 'audience.says.campaignNot' : 'audience.says.campaign', {
      name: names.campaign(id) ?? t('audience.someCampaign'),
      outcomes: listed(
        outcome.map((each) => outcomeWords(t, each)),
        'disjunction',
      ),
    });
  }
  const join = 'all' in filter ? 'conjunction' : 'disjunction';
  const items = 'all' in filter ? filter.all : filter.any;
  const words = listed(
    items.map((each) => clause(t, each, names, false, true)),
    join,
  );
  if (not) return t('audience.says.notSo', { clause: words });
  return inner && items.length > 1 ? t('audience.says.together', { clause: words }) : words;
}

/** “Contacts tagged “vip” and with City “Pune””. */
export function describe(t: T, filter: Filter, names: Names): string {
  if ('everyone' in filter) return t('audience.everyone');
  return t('audience.contacts', { clause: clause(t, filter, names, false, false) });
}
