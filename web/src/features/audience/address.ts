/**
 * A filter in the address of a page: its JSON without blanks. Whoever follows a link may have cut it or
 * written it by hand, so that what comes in is read part by part; what is no filter is null.
 */
import {
  type ConversationTest,
  consentCategories,
  consentStates,
  type EventTest,
  type Filter,
  fieldNames,
  type Op,
  type PropertyTest,
  standings,
  type Value,
  windows,
} from './contract';
import { canonical } from './filters';
import { readSpan } from './span';

/** As deep as the server reads filters, and a little more, so that it is the server who says it. */
const DEEPEST = 12;

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isValue = (value: unknown): value is Value =>
  typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
const oneOf = <T extends string>(all: readonly T[], value: unknown): T | undefined =>
  all.find((each) => each === value);
const only = (value: Json, keys: string[]): boolean => Object.keys(value).every((key) => keys.includes(key));

function op(value: unknown): Op | null {
  if (!isObject(value) || Object.keys(value).length !== 1) return null;
  const [[name, wanted] = []] = Object.entries(value);
  switch (name) {
    case 'eq':
    case 'ne':
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return isValue(wanted) ? ({ [name]: wanted } as Op) : null;
    case 'in':
      return Array.isArray(wanted) && wanted.length > 0 && wanted.every(isValue) ? { in: wanted } : null;
    case 'contains':
    case 'starts_with':
      return isText(wanted) ? ({ [name]: wanted } as Op) : null;
    case 'exists':
      return typeof wanted === 'boolean' ? { exists: wanted } : null;
    case 'past':
    case 'older':
    case 'next':
      return readSpan(wanted) ? ({ [name]: wanted } as Op) : null;
    default:
      return null;
  }
}

function property(value: unknown): PropertyTest | null {
  if (!isObject(value) || !isText(value.key) || !only(value, ['key', 'is'])) return null;
  const is = op(value.is);
  return is && { key: value.key, is };
}

function event(value: unknown): EventTest | null {
  if (!isObject(value) || !isText(value.name)) return null;
  if (!only(value, ['name', 'at_least', 'within', 'where'])) return null;
  const { name, at_least: times, within, where } = value;
  if (times !== undefined && !(Number.isInteger(times) && (times as number) >= 1)) return null;
  if (within !== undefined && !readSpan(within)) return null;
  if (where !== undefined && !Array.isArray(where)) return null;
  const tests = (where ?? []).map(property);
  if (tests.some((each) => each === null)) return null;
  return {
    name,
    ...(times === undefined ? {} : { at_least: times as number }),
    ...(within === undefined ? {} : { within: within as string }),
    ...(tests.length > 0 ? { where: tests as PropertyTest[] } : {}),
  };
}

function conversation(value: unknown): ConversationTest | null {
  if (!isObject(value) || Object.keys(value).length === 0) return null;
  if (!only(value, ['status', 'unread', 'assigned', 'window', 'number'])) return null;
  const { status, unread, assigned, window, number } = value;
  const right =
    (status === undefined || oneOf(standings, status)) &&
    (unread === undefined || typeof unread === 'boolean') &&
    (assigned === undefined || typeof assigned === 'boolean') &&
    (window === undefined || oneOf(windows, window)) &&
    (number === undefined || isText(number));
  return right ? (value as ConversationTest) : null;
}

function several(value: unknown, depth: number): Filter[] | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const all = value.map((each) => read(each, depth + 1));
  return all.every((each) => each !== null) ? all : null;
}

function read(value: unknown, depth: number): Filter | null {
  if (depth > DEEPEST || !isObject(value) || Object.keys(value).length !== 1) return null;
  if ('all' in value) {
    const all = several(value.all, depth);
    return all && { all };
  }
  if ('any' in value) {
    const any = several(value.any, depth);
    return any && { any };
  }
  if ('not' in value) {
    const not = read(value.not, depth + 1);
    return not && { not };
  }
  if ('everyone' in value) return value.everyone === true ? { everyone: true } : null;
  if ('tag' in value) return isText(value.tag) ? { tag: value.tag } : null;
  if ('list' in value) return isText(value.list) ? { list: value.list } : null;
  if ('segment' in value) return isText(value.segment) ? { segment: value.segment } : null;
  if ('trait' in value) {
    const test = property(value.trait);
    return test && { trait: test };
  }
  if ('event' in value) {
    const test = event(value.event);
    return test && { event: test };
  }
  if ('conversation' in value) {
    const test = conversation(value.conversation);
    return test && { conversation: test };
  }
  const [[kind, inside] = []] = Object.entries(value);
  if (!isObject(inside)) return null;
  if (kind === 'field') {
    const [name, is] = [oneOf(fieldNames, inside.name), op(inside.is)];
    return name && is && only(inside, ['name', 'is']) ? { field: { name, is } } : null;
  }
  if (kind === 'consent') {
    const [category, state] = [oneOf(consentCategories, inside.category), oneOf(consentStates, inside.state)];
    return category && state && only(inside, ['category', 'state']) ? { consent: { category, state } } : null;
  }
  if (kind === 'campaign') {
    const { id, outcome, not } = inside;
    if (!isText(id) || !only(inside, ['id', 'outcome', 'not'])) return null;
    if (!Array.isArray(outcome) || outcome.length === 0 || !outcome.every(isText)) return null;
    if (not !== undefined && typeof not !== 'boolean') return null;
    return { campaign: { id, outcome, ...(not === undefined ? {} : { not }) } };
  }
  return null;
}

/** A filter from the text in an address; null for whatever is none. */
export function filterIn(text: string | undefined): Filter | null {
  if (!text) return null;
  try {
    return read(JSON.parse(text), 1);
  } catch {
    return null;
  }
}

/** A filter as it stands in an address; undefined where none is. */
export const filterText = (filter: Filter | null): string | undefined =>
  filter ? canonical(filter) : undefined;
