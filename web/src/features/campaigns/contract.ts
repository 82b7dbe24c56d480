/**
 * The nouns of campaigns: generated from the API's own document, and narrowed here
 * where the document says only “a text” or “an object”. A narrowing that the document contradicts
 * does not compile. Times are RFC 3339 texts, ids opaque texts, money whole millionths of a
 * currency's unit.
 */
import type { Fitting, Narrowed, Schemas, Told } from '~/api/contract';
import type { Filter } from '~/features/audience/contract';
import type { Ongoing } from './ongoing/contract';

/** Where the words of a variable come from. */
export type Source =
  | { from: 'trait'; key: string; fallback?: string | null }
  | { from: 'field'; key: string; fallback?: string | null }
  | { from: 'column'; key: string; fallback?: string | null }
  | { from: 'constant'; value: string };

export type Sources = Record<string, Source>;

/** Hours of a person's own clock in which nothing leaves. */
export type Quiet = { from: string; to: string };

export type Schedule = (
  | { when: 'now' }
  | { when: 'at'; at: string; zone: string }
  | { when: 'local'; date: string; time: string; trait: string | null }
) & { quiet?: Quiet };

export type Header = {
  media_id?: string | null;
  location?: { latitude: number; longitude: number; name?: string | null; address?: string | null } | null;
};

/** When a campaign holds by itself. */
export type Brakes = {
  /** Percent of failures among the last outcomes; null: never. */
  failure_percent: number | null;
  opt_out_percent: number | null;
  /** How many of the last outcomes are looked at. */
  window: number;
  /** Whether a number that Meta calls red holds it. */
  quality_red: boolean;
};

/** A share of the people gets it first. */
export type Canary = {
  /** Only above so many people. */
  above: number;
  percent: number;
  wait_seconds: number;
};

export type Settings = {
  undo_seconds: number;
  canary: Canary | null;
  brakes: Brakes;
  cap: { messages: number; days: number } | null;
  second_round: { after_hours: number } | null;
  skip_in_other_campaigns: boolean;
  rate_per_second: number | null;
  reply_within_hours: number;
  /** Marks that are added to short links; null: none. What is empty is the usual. */
  utm: Utm | null;
  /** What people are to do after it. */
  goals: Goal[];
};

export type Utm = { source?: string | null; medium?: string | null; campaign?: string | null };

export type Goal = { event: string; within_hours: number };

/** How many people reached a goal. */
export type GoalCount = Told<Schemas['GoalCount']>;

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
  'api',
] as const;
export type CampaignState = (typeof campaignStates)[number];

/** How many are in each state of the way; they add up. */
export type Counts = Campaign['counts'];

/** People by stage; `sent`, `failed`, `skipped`, `waiting` and `unknown` add up to `planned`. */
export type Funnel = Told<Schemas['Funnel']>;

export type Cost = Told<Schemas['CampaignCost']>;

export type Campaign = Narrowed<
  'Campaign',
  {
    state: CampaignState;
    kind: 'one_time' | 'ongoing';
    canary: 'off' | 'armed' | 'sending' | 'waiting' | 'passed';
    audience: Filter | null;
    variables: Sources;
    header: Header | null;
    schedule: Schedule;
    settings: Settings;
    /** What makes it on-going; null for one that goes out once. */
    ongoing: Ongoing | null;
  }
>;

export type CampaignKind = Campaign['kind'];

/** What a draft is changed by, beside the version that was read. */
export type CampaignEdit = Omit<
  Fitting<
    'EditCampaign',
    { version: number } & Partial<
      Pick<
        Campaign,
        | 'name'
        | 'number_id'
        | 'template_id'
        | 'audience'
        | 'variables'
        | 'header'
        | 'schedule'
        | 'settings'
        | 'ongoing'
      >
    >
  >,
  'version'
>;

export type Someone = Told<Schemas['Someone']>;

export type CostLine = Told<Schemas['CostLine']>;

export type ReviewProblem = Pick<Told<Schemas['ReviewProblem']>, 'code' | 'field' | 'params'>;

export type ReviewPreview = Narrowed<
  'Preview',
  { why: 'typical' | 'longest' | 'emptiest'; message: Record<string, unknown> }
>;

/** What would happen if it were sent now. */
export type Review = Narrowed<'Review', { previews: ReviewPreview[] }>;

export type SeriesPoint = Told<Schemas['SeriesPoint']>;

export type Report = Told<Schemas['Report']>;

export type Recipient = Told<Schemas['Recipient']>;
