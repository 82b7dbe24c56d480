/**
 * The nouns of campaigns and audiences as the console reads them. Times are RFC 3339 texts, ids
 * opaque texts, money whole millionths of a currency's unit.
 */
import type { Contact } from '~/api/contract';

/** What a trait or a field is compared with. */
export type Value = string | number | boolean;

/** One comparison; exactly one of its keys. */
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
  | { exists: boolean };

export const fieldNames = [
  'country',
  'name',
  'phone',
  'source',
  'email',
  'created_at',
  'last_seen_at',
] as const;
export type FieldName = (typeof fieldNames)[number];

export const consentCategories = ['marketing', 'utility', 'authentication'] as const;
export type ConsentCategory = (typeof consentCategories)[number];
export const consentStates = ['granted', 'denied', 'unknown'] as const;
export type ConsentState = (typeof consentStates)[number];

/** What became of a recipient, as far as one can choose people by it. */
export const outcomes = ['sent', 'delivered', 'read', 'replied', 'clicked', 'opted_out', 'failed'] as const;
export type Outcome = (typeof outcomes)[number];

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
  | { campaign: { id: string; outcome: string[]; not?: boolean } };

/** Where the words of a variable come from. */
export type Source =
  | { from: 'trait'; key: string; fallback?: string | null }
  | { from: 'field'; key: string; fallback?: string | null }
  | { from: 'column'; key: string; fallback?: string | null }
  | { from: 'constant'; value: string };

export type Sources = Record<string, Source>;

/** Hours of a person's own clock in which nothing leaves. */
export interface Quiet {
  from: string;
  to: string;
}

export type Schedule = (
  | { when: 'now' }
  | { when: 'at'; at: string; zone: string }
  | { when: 'local'; date: string; time: string; trait: string | null }
) & { quiet?: Quiet };

export interface Header {
  media_id?: string | null;
  location?: { latitude: number; longitude: number; name?: string | null; address?: string | null } | null;
}

/** When a campaign holds by itself. */
export interface Brakes {
  /** Percent of failures among the last outcomes; null: never. */
  failure_percent: number | null;
  opt_out_percent: number | null;
  /** How many of the last outcomes are looked at. */
  window: number;
  /** Whether a number that Meta calls red holds it. */
  quality_red: boolean;
}

/** A share of the people gets it first. */
export interface Canary {
  /** Only above so many people. */
  above: number;
  percent: number;
  wait_seconds: number;
}

export interface Settings {
  undo_seconds: number;
  canary: Canary | null;
  brakes: Brakes;
  cap: { messages: number; days: number } | null;
  second_round: { after_hours: number } | null;
  skip_in_other_campaigns: boolean;
  rate_per_second: number | null;
  reply_within_hours: number;
}

export const campaignStates = [
  'draft',
  'scheduled',
  'planning',
  'running',
  'pausing',
  'paused',
  'done',
  'stopped',
  'failed',
] as const;
export type CampaignState = (typeof campaignStates)[number];

/** How many are in each state of the way; they add up. */
export type Counts = Record<string, number>;

/** People by stage; `sent`, `failed`, `skipped`, `waiting` and `unknown` add up to `planned`. */
export interface Funnel {
  planned: number;
  /** Whose message has not left yet. */
  waiting: number;
  /** Whose message is on its way, or of which nobody can say whether Meta has it. */
  unknown: number;
  sent: number;
  delivered: number;
  read: number;
  replied: number;
  clicked: number;
  opted_out: number;
  failed: number;
  skipped: number;
}

export interface Cost {
  currency: string | null;
  estimated_micros: number | null;
  charged_micros: number | null;
}

export interface Campaign {
  id: string;
  name: string;
  state: CampaignState;
  /** Why it waits for a person. */
  held_reason: string | null;
  /** Why it could not begin. */
  failure: string | null;
  canary: string | null;
  canary_until: string | null;
  number_id: string | null;
  template_id: string | null;
  audience: Filter | null;
  variables: Sources;
  header: Header | null;
  schedule: Schedule | null;
  settings: Settings;
  round: number;
  counts: Counts;
  /** Messages that are or may be with Meta: no pause takes them back. */
  out: number;
  funnel: Funnel;
  cost: Cost;
  undo_until: string | null;
  scheduled_at: string | null;
  started_at: string | null;
  ended_at: string | null;
  created_at: string;
  updated_at: string;
  version: number;
}

/** What a draft is changed by. */
export type CampaignEdit = Partial<
  Pick<
    Campaign,
    'name' | 'number_id' | 'template_id' | 'audience' | 'variables' | 'header' | 'schedule' | 'settings'
  >
>;

export interface Someone {
  id: string;
  name: string | null;
  phone: string | null;
}

export interface CostLine {
  market: string;
  category: string;
  count: number;
  rate_micros: number | null;
  amount_micros: number;
  currency: string;
  /** How many are expected to be free. */
  free_count: number;
}

export interface ReviewProblem {
  code: string;
  field: string | null;
  params: Record<string, unknown>;
}

export interface ReviewPreview {
  contact: Someone;
  why: 'typical' | 'longest' | 'emptiest';
  message: Record<string, unknown>;
}

export interface Review {
  matched: number;
  eligible: number;
  excluded: { reason: string; count: number }[];
  cost: {
    currency: string;
    max_micros: number;
    expected_micros: number;
    card_date: string | null;
    card_currency: string;
    fell_back: boolean;
    /** How many are in no amount, because no card says what they cost. */
    unpriced: number;
    by: CostLine[];
  } | null;
  duration_seconds: number;
  rate_per_second: number;
  daily_limit: { limit: number | null; used: number; fits: boolean; days: number };
  problems: ReviewProblem[];
  previews: ReviewPreview[];
  local_time: {
    by_trait: number;
    by_country: number;
    /** Of them, those whose country has several times. */
    by_country_of_several: number;
    by_default: number;
    /** Those whose time has gone by. */
    late: number;
    zones: string[];
  } | null;
}

export interface SeriesPoint {
  at: string;
  sent: number;
  delivered: number;
  read: number;
  replied: number;
  failed: number;
}

export interface Report {
  counts: Counts;
  funnel: Funnel;
  failures: { code: number | null; reason: string; count: number }[];
  skipped: { reason: string; count: number }[];
  cost: Cost;
  series: SeriesPoint[];
}

export interface Recipient {
  contact_id: string;
  name: string | null;
  phone: string | null;
  state: string;
  reason: string | null;
  code: number | null;
  conversation_id: string | null;
  updated_at: string | null;
}

export interface Trait {
  key: string;
  kind: 'text' | 'number' | 'boolean' | 'datetime' | 'list';
  label: string | null;
}

export interface Tag {
  tag: string;
  contacts: number;
}

export interface AudienceList {
  id: string;
  name: string;
  source: string;
  members: number;
  columns: string[];
  created_at: string;
}

export interface Counted {
  count: number;
  sample: Contact[];
}
