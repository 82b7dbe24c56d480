/** Why a filter finds somebody, or why not: each part with its answer and with what the person has, in words. */
import type { TFunction } from 'i18next';
import { givenWords } from '~/features/contacts/given';
import { count } from '~/lib/format';
import { locale } from '~/texts/texts';
import type { FieldName, Filter, Why } from './contract';
import { clause, contactSourceWords, countryName, type Names, outcomeWords } from './words';

type T = TFunction<'texts'>;

export interface Reason {
  /** The same for the same place in the same filter; for drawing. */
  id: string;
  words: string;
  /** What the person has, in words; null where the answer says it already. */
  has: string | null;
  /** Whether the words are true of the person. */
  found: boolean;
  /** Whether that speaks for being found; inside a “none of these” it is the other way round. */
  helps: boolean;
  /** Of a group. */
  parts: Reason[];
}

/** The filter of a saved segment, where it is known. */
export type SegmentFilter = (id: string) => Filter | undefined;

const listed = (words: string[]): string =>
  new Intl.ListFormat(locale(), { type: 'conjunction' }).format(words);

/** A value as people read it, by the field that it is of; null for none. */
function valueWords(t: T, value: unknown, field?: FieldName): string | null {
  if (typeof value === 'string' && value) {
    if (field === 'country') return countryName(value);
    if (field === 'source') return contactSourceWords(t, value);
  }
  return givenWords(t, value);
}

function hasWords(t: T, filter: Filter, value: unknown): string | null {
  if ('tag' in filter) {
    const tags = givenWords(t, value);
    return tags === null ? t('why.noTags') : t('why.tags', { tags });
  }
  if ('trait' in filter || 'field' in filter) {
    const given = valueWords(t, value, 'field' in filter ? filter.field.name : undefined);
    return given === null ? t('why.nothing') : t('why.has', { value: given });
  }
  if ('consent' in filter) {
    const state = (['granted', 'denied', 'unknown'] as const).find((each) => each === value);
    return state ? t('why.has', { value: t(`audience.consents.${state}`) }) : null;
  }
  if ('event' in filter && typeof value === 'number') {
    // Only what is recent enough and fits the conditions is counted.
    const some = Boolean(filter.event.within || filter.event.where?.length);
    if (value === 0) return t(some ? 'why.noneCounts' : 'why.never');
    return t(some ? 'why.counted' : 'why.times', { count: value, shown: count(value) });
  }
  if ('conversation' in filter && typeof value === 'number')
    return value === 0
      ? t('why.noConversations')
      : t('why.conversations', { count: value, shown: count(value) });
  if ('campaign' in filter) {
    if (value === null || value === undefined) return t('why.notInCampaign');
    const outcomes = (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'string');
    return outcomes.length > 0
      ? t('why.has', { value: listed(outcomes.map((each) => outcomeWords(t, each))) })
      : null;
  }
  return null;
}

/**
 * The reasons in the filter's own shape; the answer must be to this filter. A “not” around something is
 * said with it, and a saved segment shows what it holds.
 */
export function reasons(
  t: T,
  filter: Filter,
  why: Why,
  names: Names,
  segment: SegmentFilter = () => undefined,
): Reason {
  const told = (part: Filter, answer: Why, id: string, not: boolean, turned: boolean): Reason => {
    if ('not' in part) return told(part.not, answer.parts[0] ?? opposite(answer), id, !not, turned);
    const found = answer.found !== not;
    const base = { id, found, helps: found !== turned };
    const inside = 'all' in part ? part.all : 'any' in part ? part.any : null;
    const within = turned !== not;
    if (inside) {
      const join = 'all' in part ? 'all' : 'any';
      const joinName = not ? (`not_${join}` as const) : join;
      const parts = inside.flatMap((each, index) => {
        const one = answer.parts[index];
        return one ? [told(each, one, `${id}.${index}`, false, within)] : [];
      });
      return { ...base, words: t(`audience.joins.${joinName}`), has: null, parts };
    }
    const words = clause(t, part, names, not);
    const saved = 'segment' in part ? segment(part.segment) : undefined;
    if (saved && !('segment' in saved) && answer.kind !== 'segment') {
      const root = told(saved, answer, `${id}.s`, false, within);
      return { ...base, words, has: null, parts: root.parts.length > 0 ? root.parts : [root] };
    }
    return { ...base, words, has: hasWords(t, part, answer.value), parts: [] };
  };
  return told(filter, why, 'r', false, false);
}

const opposite = (answer: Why): Why => ({ ...answer, found: !answer.found });
