/** An audience in a sentence. */
import type { TFunction } from 'i18next';
import { keyWords } from '~/features/contacts/given';
import { count, date } from '~/lib/format';
import { locale } from '~/texts/texts';
import type {
  ConversationTest,
  EventTest,
  FieldName,
  Filter,
  Op,
  PropertyTest,
  Trait,
  Value,
} from './contract';
import { operatorOf } from './operators';
import { spanWords } from './span';
import { compared as halves, isSpanOp } from './tree';

/** What ids and keys are called. */
export interface Names {
  traits: Trait[];
  list: (id: string) => string | undefined;
  campaign: (id: string) => string | undefined;
  segment: (id: string) => string | undefined;
  number: (id: string) => string | undefined;
}

type T = TFunction<'texts'>;

export const fieldWords = (t: T, name: FieldName): string => t(`audience.fields.${name}`);

export const traitWords = (traits: Trait[], key: string): string =>
  traits.find((each) => each.key === key)?.label || keyWords(key);

const listed = (words: string[], type: 'conjunction' | 'disjunction'): string =>
  new Intl.ListFormat(locale(), { type }).format(words);

export function countryName(code: string): string {
  try {
    return new Intl.DisplayNames(locale(), { type: 'region' }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** What may have made a contact. */
export const contactSources = ['message', 'manual', 'import', 'api', 'web'] as const;

/** What made a contact. */
export function contactSourceWords(t: T, source: string): string {
  const known = contactSources.find((each) => each === source);
  return known ? t(`audience.sources.${known}`) : keyWords(source);
}

const isTime = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value);

/** Fields whose values have names of their own. */
type Named = 'country' | 'source' | null;

const named = (name: FieldName): Named => (name === 'country' || name === 'source' ? name : null);

function valueWords(t: T, value: Value | Value[] | undefined, kind: Named): string {
  if (Array.isArray(value))
    return listed(
      value.map((each) => valueWords(t, each, kind)),
      'disjunction',
    );
  if (typeof value === 'boolean') return t(value ? 'audience.yes' : 'audience.no');
  if (typeof value === 'number') return new Intl.NumberFormat(locale()).format(value);
  const text = value ?? '';
  if (kind === 'country') return countryName(text);
  if (kind === 'source') return contactSourceWords(t, text);
  return isTime(text) ? date(text) : t('audience.quoted', { text });
}

function compared(t: T, name: string, is: Op, not: boolean, kind: Named): string {
  const { op, value } = halves(is);
  const operator = operatorOf({ op, value }, not);
  if (isSpanOp(op)) return t(`audience.says.${operator}`, { name, value: spanWords(String(value)) });
  if (isTime(value) && operator === 'atLeast')
    return t('audience.says.since', { name, value: valueWords(t, value, null) });
  if (isTime(value) && operator === 'lessThan')
    return t('audience.says.before', { name, value: valueWords(t, value, null) });
  return t(`audience.says.${operator}`, { name, value: valueWords(t, value, kind) });
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

/** The particulars that an event must have: “with total at least 100”; nothing where none is asked for. */
export const particularWords = (t: T, where: PropertyTest[]): string =>
  listed(
    where.map(({ key, is }) => compared(t, keyWords(key), is, false, null)),
    'conjunction',
  );

function eventClause(
  t: T,
  { name, at_least: times = 1, within, where = [] }: EventTest,
  not: boolean,
): string {
  const often = times > 1 ? t('audience.says.times', { count: times, shown: count(times) }) : '';
  const lately = within ? t('audience.says.within', { span: spanWords(within) }) : '';
  return [
    t(not ? 'audience.says.eventNot' : 'audience.says.event', { name }),
    often,
    lately,
    particularWords(t, where),
  ]
    .filter(Boolean)
    .join(' ');
}

function conversationClause(t: T, test: ConversationTest, names: Names, not: boolean): string {
  const parts = [
    test.status && t(`audience.standing.${test.status}`),
    test.unread !== undefined && t(test.unread ? 'audience.says.unread' : 'audience.says.seen'),
    test.assigned !== undefined && t(test.assigned ? 'audience.says.assigned' : 'audience.says.unassigned'),
    test.window && t(`audience.says.window.${test.window}`),
    test.number &&
      t('audience.says.withNumber', { name: names.number(test.number) ?? t('audience.someNumber') }),
  ].filter((each) => typeof each === 'string' && each !== '') as string[];
  return t(not ? 'audience.says.conversationNot' : 'audience.says.conversation', {
    parts: listed(parts, 'conjunction'),
  });
}

/** One part of a filter as it stands in a sentence about people: “tagged “vip””. */
export function clause(t: T, filter: Filter, names: Names, not = false, inner = false): string {
  if ('not' in filter) return clause(t, filter.not, names, !not, inner);
  if ('everyone' in filter) return t(not ? 'audience.says.nobody' : 'audience.says.anybody');
  if ('tag' in filter) return t(not ? 'audience.says.tagNot' : 'audience.says.tag', { tag: filter.tag });
  if ('trait' in filter)
    return compared(t, traitWords(names.traits, filter.trait.key), filter.trait.is, not, null);
  if ('field' in filter) {
    const { name, is } = filter.field;
    return compared(t, fieldWords(t, name), is, not, named(name));
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
  if ('segment' in filter) {
    const name = names.segment(filter.segment) ?? t('audience.someSegment');
    return t(not ? 'audience.says.segmentNot' : 'audience.says.segment', { name });
  }
  if ('event' in filter) return eventClause(t, filter.event, not);
  if ('conversation' in filter) return conversationClause(t, filter.conversation, names, not);
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
  return t('audience.contacts', { clause: clause(t, filter, names) });
}
