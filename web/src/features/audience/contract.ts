/**
 * The nouns of audiences: who is meant, by which facts, and why somebody is or is not. Generated from
 * the API's own document where it says enough, narrowed here where it says only “an object”. Times are
 * RFC 3339 texts, ids opaque texts, spans a whole number with `m`, `h`, `d` or `w`.
 */
import type { Contact, Narrowed, Schemas, Told } from '~/api/contract';

/** What a trait, a field or a particular of an event is compared with. */
export type Value = string | number | boolean;

/** One comparison; exactly one of its keys. The last three hold a span and are for times. */
export type Op =
  | { eq: Value }
  | { ne: Value }
  | { in: Value[] }
  | { lt: Value }
  | { lte: Value }
  | { gt: Value }
  | { gte: Value }
  | { contains: string }
  | { starts_with: string }
  | { exists: boolean }
  | { past: string }
  | { older: string }
  | { next: string };

export const fieldNames = [
  'country',
  'name',
  'phone',
  'source',
  'email',
  'created_at',
  'updated_at',
  'last_seen_at',
] as const;
export type FieldName = (typeof fieldNames)[number];

export const consentCategories = ['marketing', 'utility', 'authentication'] as const;
export type ConsentCategory = (typeof consentCategories)[number];
export const consentStates = ['granted', 'denied', 'unknown'] as const;
export type ConsentState = (typeof consentStates)[number];

/** What became of a recipient, as far as one can choose people by it. */
export const outcomes = [
  'sent',
  'delivered',
  'read',
  'replied',
  'clicked',
  'converted',
  'opted_out',
  'failed',
] as const;
export type Outcome = (typeof outcomes)[number];

/** What somebody did; `at_least` left out is once, `within` left out is ever. */
export type EventTest = {
  name: string;
  at_least?: number;
  within?: string;
  where?: PropertyTest[];
};

/** A particular of an event and what it must be. */
export type PropertyTest = { key: string; is: Op };

export const standings = ['open', 'snoozed', 'closed'] as const;
export const windows = ['open', 'closed'] as const;

/** How a conversation stands; all that is given holds for the same one, and something is given. */
export type ConversationTest = {
  status?: (typeof standings)[number];
  unread?: boolean;
  assigned?: boolean;
  window?: (typeof windows)[number];
  number?: string;
};

/** Who is meant: the same tree that the server turns into its question to the database. */
export type Filter =
  | { all: Filter[] }
  | { any: Filter[] }
  | { not: Filter }
  | { everyone: true }
  | { tag: string }
  | { trait: { key: string; is: Op } }
  | { field: { name: FieldName; is: Op } }
  | { consent: { category: ConsentCategory; state: ConsentState } }
  | { list: string }
  | { campaign: { id: string; outcome: string[]; not?: boolean } }
  | { event: EventTest }
  | { conversation: ConversationTest }
  | { segment: string };

export type TraitKind = 'text' | 'number' | 'boolean' | 'datetime' | 'list';

export type Trait = Narrowed<'TraitDefinition', { kind: TraitKind }>;

export type Tag = Told<Schemas['Tag']>;

export type AudienceList = Told<Schemas['ContactList']>;

/** How many people a filter means, and some of them. */
export type Counted = Omit<Told<Schemas['AudienceCount']>, 'sample'> & { sample: Contact[] };

/** An event that was told at some time, and what was told with it. */
export type EventName = {
  name: string;
  last_at: string;
  /** How often in the last seven days. */
  last_week: number;
  properties: {
    key: string /** Null where the latest event says nothing. */;
    kind: TraitKind | null;
    example: unknown;
  }[];
};

/** The answer of one part of a filter for one person, in the filter's own shape. */
export type Why = {
  kind: string;
  found: boolean;
  /** What the person has; null where there is nothing. */
  value: unknown;
  parts: Why[];
};
