/**
 * The audience as one edits it: groups of rules, some not finished yet, with a key for every line.
 * What is finished becomes the server's filter; every filter of the server's can be edited.
 */
import type { ConsentCategory, ConsentState, FieldName, Filter, Op, Value } from '../contract';

export interface Comparison {
  op: 'eq' | 'ne' | 'in' | 'lt' | 'lte' | 'gt' | 'gte' | 'contains' | 'starts_with' | 'exists';
  /** A list only with `in`; undefined while nothing is entered. */
  value?: Value | Value[];
}

type Subject =
  | { kind: 'tag'; tag: string }
  | ({ kind: 'trait'; key: string } & Comparison)
  | ({ kind: 'field'; name: FieldName } & Comparison)
  | { kind: 'consent'; category: ConsentCategory; state: ConsentState }
  | { kind: 'list'; list: string }
  | { kind: 'campaign'; campaign: string; outcome: string[]; missed: boolean }
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
  return { [op]: op === 'contains' || op === 'starts_with' ? String(value) : value } as Op;
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
export const isFinished = (node: Node): boolean =>
  node.kind === 'group' ? node.items.length > 0 && node.items.every(isFinished) : ruleFilter(node) !== null;

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

/** A filter as a text that is the same whatever the order of its keys. */
export const canonical = (filter: Filter | null): string =>
  JSON.stringify(filter, (_, value: unknown) =>
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );

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

/** What kinds of audience there are to begin with, and which one a filter is. */
export type Way = 'everyone' | 'rules' | 'list' | 'file' | 'outcome';

export function wayOf(filter: Filter | null): Way | null {
  if (!filter) return null;
  if ('everyone' in filter) return 'everyone';
  if ('list' in filter) return 'list';
  if ('campaign' in filter) return 'outcome';
  return 'rules';
}

/** The lists that a filter speaks of: their columns can be filled in. */
export function listsIn(filter: Filter | null): string[] {
  if (!filter) return [];
  if ('all' in filter) return filter.all.flatMap(listsIn);
  if ('any' in filter) return filter.any.flatMap(listsIn);
  if ('not' in filter) return [];
  return 'list' in filter ? [filter.list] : [];
}
