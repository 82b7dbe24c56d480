/**
 * The audience as one edits it: groups of rules, some not finished yet, with a key for every line.
 * What is finished becomes the server's filter; every filter of the server's can be edited.
 */
import type {
  ConsentCategory,
  ConsentState,
  ConversationTest,
  FieldName,
  Filter,
  Op,
  PropertyTest,
  Value,
} from './contract';
import { readSpan } from './span';

export interface Comparison {
  op:
    | 'eq'
    | 'ne'
    | 'in'
    | 'lt'
    | 'lte'
    | 'gt'
    | 'gte'
    | 'contains'
    | 'starts_with'
    | 'exists'
    | 'past'
    | 'older'
    | 'next';
  /** A list only with `in`; undefined while nothing is entered. */
  value?: Value | Value[];
}

/** Comparisons of a time with a span that ends or begins now. */
export const isSpanOp = (op: Comparison['op']): boolean => op === 'past' || op === 'older' || op === 'next';

/** A condition on a particular of an event; its key is empty while none is chosen. */
export type Property = { id: string; key: string } & Comparison;

export type EventSubject = {
  kind: 'event';
  name: string;
  /** Undefined while what is entered is no number of times. */
  times: number | undefined;
  /** Null: ever. Undefined while what is entered is no span. */
  within: string | null | undefined;
  where: Property[];
};

type Subject =
  | { kind: 'tag'; tag: string }
  | ({ kind: 'trait'; key: string } & Comparison)
  | ({ kind: 'field'; name: FieldName } & Comparison)
  | { kind: 'consent'; category: ConsentCategory; state: ConsentState }
  | { kind: 'list'; list: string }
  | { kind: 'campaign'; campaign: string; outcome: string[]; missed: boolean }
  | EventSubject
  | { kind: 'conversation'; test: ConversationTest }
  | { kind: 'segment'; segment: string }
  | { kind: 'everyone' };

export type Rule = Subject & { id: string; not: boolean };
export type Group = { kind: 'group'; id: string; join: 'all' | 'any'; not: boolean; items: Node[] };
export type Node = Rule | Group;

let made = 0;
/** A key for a line; only for drawing. */
export const lineId = (): string => {
  made += 1;
  return `line-${made}`;
};

export const emptyGroup = (join: 'all' | 'any' = 'all', items: Node[] = []): Group => ({
  kind: 'group',
  id: lineId(),
  join,
  not: false,
  items,
});

const negated = (filter: Filter, not: boolean): Filter => (not ? { not: filter } : filter);

function comparison({ op, value }: Comparison): Op | null {
  if (op === 'exists') return { exists: value !== false };
  if (op === 'in') {
    const all = (Array.isArray(value) ? value : value === undefined ? [] : [value]).filter(
      (each) => each !== '',
    );
    return all.length > 0 ? { in: all } : null;
  }
  if (value === undefined || value === '' || Array.isArray(value)) return null;
  if (isSpanOp(op)) return readSpan(value) ? ({ [op]: value } as Op) : null;
  return { [op]: op === 'contains' || op === 'starts_with' ? String(value) : value } as Op;
}

/** The conditions on an event's particulars that are finished. */
export const propertyTests = (where: Property[]): PropertyTest[] =>
  where.flatMap(({ key, ...rest }): PropertyTest[] => {
    const is = comparison(rest);
    return key && is ? [{ key, is }] : [];
  });

/** Conditions on an event's particulars as one edits them. */
export const propertiesOf = (where: PropertyTest[]): Property[] =>
  where.map(({ key, is }) => ({ id: lineId(), key, ...compared(is) }));

function eventFilter({ name, times, within, where }: EventSubject): Filter | null {
  if (!name || times === undefined || within === undefined) return null;
  const tests = propertyTests(where);
  return {
    event: {
      name,
      ...(times > 1 ? { at_least: times } : {}),
      ...(within === null ? {} : { within }),
      ...(tests.length > 0 ? { where: tests } : {}),
    },
  };
}

function ruleFilter(rule: Rule): Filter | null {
  switch (rule.kind) {
    case 'everyone':
      return { everyone: true };
    case 'tag':
      return rule.tag ? { tag: rule.tag } : null;
    case 'trait': {
      const is = comparison(rule);
      return rule.key && is ? { trait: { key: rule.key, is } } : null;
    }
    case 'field': {
      const is = comparison(rule);
      return is ? { field: { name: rule.name, is } } : null;
    }
    case 'consent':
      return { consent: { category: rule.category, state: rule.state } };
    case 'list':
      return rule.list ? { list: rule.list } : null;
    case 'campaign':
      return rule.campaign && rule.outcome.length > 0
        ? { campaign: { id: rule.campaign, outcome: rule.outcome, ...(rule.missed ? { not: true } : {}) } }
        : null;
    case 'event':
      return eventFilter(rule);
    case 'conversation':
      return Object.keys(rule.test).length > 0 ? { conversation: rule.test } : null;
    case 'segment':
      return rule.segment ? { segment: rule.segment } : null;
  }
}

/** The filter of what is finished; null where nothing is. */
export function toFilter(node: Node): Filter | null {
  if (node.kind !== 'group') {
    const filter = ruleFilter(node);
    return filter && negated(filter, node.not);
  }
  const items = node.items.map(toFilter).filter((each) => each !== null);
  if (items.length === 0) return null;
  return negated(node.join === 'all' ? { all: items } : { any: items }, node.not);
}

/** Whether every line says something. */
export function isFinished(node: Node): boolean {
  if (node.kind === 'group') return node.items.length > 0 && node.items.every(isFinished);
  if (ruleFilter(node) === null) return false;
  return node.kind !== 'event' || node.where.every((each) => each.key !== '' && comparison(each) !== null);
}

/** A stored comparison in its two halves. */
export function compared(is: Op): Comparison {
  const [first] = Object.entries(is) as [Comparison['op'], Value | Value[]][];
  return first ? { op: first[0], value: first[1] } : { op: 'exists', value: true };
}

function nodeOf(filter: Filter, not: boolean): Node {
  const id = lineId();
  if ('not' in filter) return nodeOf(filter.not, !not);
  if ('all' in filter)
    return { kind: 'group', id, join: 'all', not, items: filter.all.map((each) => nodeOf(each, false)) };
  if ('any' in filter)
    return { kind: 'group', id, join: 'any', not, items: filter.any.map((each) => nodeOf(each, false)) };
  if ('tag' in filter) return { kind: 'tag', id, not, tag: filter.tag };
  if ('trait' in filter)
    return { kind: 'trait', id, not, key: filter.trait.key, ...compared(filter.trait.is) };
  if ('field' in filter)
    return { kind: 'field', id, not, name: filter.field.name, ...compared(filter.field.is) };
  if ('consent' in filter) return { kind: 'consent', id, not, ...filter.consent };
  if ('list' in filter) return { kind: 'list', id, not, list: filter.list };
  if ('segment' in filter) return { kind: 'segment', id, not, segment: filter.segment };
  if ('conversation' in filter) return { kind: 'conversation', id, not, test: filter.conversation };
  if ('event' in filter) {
    const { name, at_least: times = 1, within = null, where = [] } = filter.event;
    return { kind: 'event', id, not, name, times, within, where: propertiesOf(where) };
  }
  if ('campaign' in filter)
    return {
      kind: 'campaign',
      id,
      not,
      campaign: filter.campaign.id,
      outcome: filter.campaign.outcome,
      missed: filter.campaign.not === true,
    };
  return { kind: 'everyone', id, not };
}

/** A filter as one edits it; always a group, so that a line can be added. */
export function fromFilter(filter: Filter | null): Group {
  if (!filter) return emptyGroup();
  const node = nodeOf(filter, false);
  return node.kind === 'group' ? node : emptyGroup('all', [node]);
}

/** The tree with one line changed, or taken out by null. */
export function changed(group: Group, id: string, change: (node: Node) => Node | null): Group {
  const items = group.items.flatMap((each) => {
    if (each.id === id) {
      const next = change(each);
      return next ? [next] : [];
    }
    return [each.kind === 'group' ? changed(each, id, change) : each];
  });
  return { ...group, items };
}
