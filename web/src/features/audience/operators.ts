/** Which comparisons suit which kind of value, and how each is stored. */
import { readSpan } from './span';
import { type Comparison, isSpanOp } from './tree';

export type ValueKind = 'text' | 'number' | 'boolean' | 'datetime' | 'country' | 'source';

/** How the values of a trait or a particular of an event are entered, by the kind that the server names. */
export const kindOf = (kind: string | null | undefined): ValueKind =>
  kind === 'number' || kind === 'boolean' || kind === 'datetime' ? kind : 'text';

/** A comparison as one chooses it: the stored one and whether it is turned round. */
export interface Operator {
  name: OperatorName;
  op: Comparison['op'];
  not: boolean;
  value?: boolean;
}

const all = [
  { name: 'is', op: 'eq', not: false },
  { name: 'isNot', op: 'ne', not: false },
  { name: 'isOneOf', op: 'in', not: false },
  { name: 'isNoneOf', op: 'in', not: true },
  { name: 'contains', op: 'contains', not: false },
  { name: 'containsNot', op: 'contains', not: true },
  { name: 'startsWith', op: 'starts_with', not: false },
  { name: 'startsNotWith', op: 'starts_with', not: true },
  { name: 'atLeast', op: 'gte', not: false },
  { name: 'moreThan', op: 'gt', not: false },
  { name: 'atMost', op: 'lte', not: false },
  { name: 'lessThan', op: 'lt', not: false },
  { name: 'past', op: 'past', not: false },
  { name: 'notPast', op: 'past', not: true },
  { name: 'older', op: 'older', not: false },
  { name: 'next', op: 'next', not: false },
  { name: 'known', op: 'exists', not: false, value: true },
  { name: 'notKnown', op: 'exists', not: false, value: false },
  // Never offered: what a filter that was made elsewhere may hold.
  { name: 'notEqual', op: 'eq', not: true },
  { name: 'notUnequal', op: 'ne', not: true },
  { name: 'notAtLeast', op: 'gte', not: true },
  { name: 'notMoreThan', op: 'gt', not: true },
  { name: 'notAtMost', op: 'lte', not: true },
  { name: 'notLessThan', op: 'lt', not: true },
  { name: 'notOlder', op: 'older', not: true },
  { name: 'notNext', op: 'next', not: true },
] as const satisfies { name: string; op: Comparison['op']; not: boolean; value?: boolean }[];

export type OperatorName = (typeof all)[number]['name'];

const offered: Record<ValueKind, OperatorName[]> = {
  text: [
    'is',
    'isNot',
    'isOneOf',
    'isNoneOf',
    'contains',
    'containsNot',
    'startsWith',
    'startsNotWith',
    'known',
    'notKnown',
  ],
  country: ['is', 'isNot', 'isOneOf', 'isNoneOf', 'known', 'notKnown'],
  source: ['is', 'isNot', 'isOneOf', 'isNoneOf'],
  number: ['is', 'isNot', 'atLeast', 'moreThan', 'atMost', 'lessThan', 'known', 'notKnown'],
  boolean: ['is', 'known', 'notKnown'],
  datetime: ['past', 'notPast', 'older', 'next', 'atLeast', 'lessThan', 'known', 'notKnown'],
};

const byName = (name: OperatorName): Operator => all.find((each) => each.name === name) ?? all[0];

/** What a comparison with a span begins with. */
const usualSpan = '30d';

/** The operator that a stored comparison is. */
export function operatorOf({ op, value }: Comparison, not: boolean): OperatorName {
  if (op === 'exists') return (value !== false) === !not ? 'known' : 'notKnown';
  return all.find((each) => each.op === op && each.not === not)?.name ?? 'is';
}

/**
 * What can be chosen for a kind of value, with what is chosen now even if it would not be offered.
 * `plain`: only what is stored without a “not” around it.
 */
export function operatorsFor(kind: ValueKind, now: OperatorName, plain = false): OperatorName[] {
  const names = plain ? offered[kind].filter((each) => !byName(each).not) : offered[kind];
  return names.includes(now) ? names : [...names, now];
}

/** The stored comparison of a chosen operator; the value stays where it still fits. */
export function withOperator(
  name: OperatorName,
  { op: before, value }: Comparison,
): Comparison & { not: boolean } {
  const { op, not, value: fixed } = byName(name);
  if (fixed !== undefined) return { op, not, value: fixed };
  if (isSpanOp(op)) return { op, not, value: readSpan(value) ? value : usualSpan };
  if (isSpanOp(before)) return { op, not, value: op === 'in' ? [] : undefined };
  const kept = typeof value === 'boolean' ? undefined : value;
  if (op === 'in') return { op, not, value: Array.isArray(kept) ? kept : kept === undefined ? [] : [kept] };
  return { op, not, value: Array.isArray(kept) ? kept[0] : kept };
}

/** The first comparison of a kind of value. */
export const firstOperator = (kind: ValueKind): Comparison & { not: boolean } =>
  kind === 'boolean'
    ? { op: 'eq', not: false, value: true }
    : withOperator(offered[kind][0] ?? 'is', { op: 'eq' });

/** A value from what was typed. */
export function parsed(kind: ValueKind, text: string): string | number | undefined {
  const trimmed = text.trim();
  if (!trimmed) return undefined;
  if (kind === 'number') {
    const number = Number(trimmed.replace(',', '.'));
    return Number.isFinite(number) ? number : undefined;
  }
  return kind === 'country' ? trimmed.toUpperCase() : text;
}

/** A day as the server wants it: the beginning of that day where the reader is. */
export function dayStart(day: string): string | undefined {
  const at = new Date(`${day}T00:00:00`);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** The day of an instant for a field of type `date`. */
export function dayOf(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '';
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
