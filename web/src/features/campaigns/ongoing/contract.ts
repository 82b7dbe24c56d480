/**
 * What makes a campaign on-going, as the server keeps it: what starts it, how long it waits, who may
 * run again, what is tried. Hours, days and shares are whole numbers.
 */
import type { Narrowed, Schemas, Told } from '~/api/contract';
import type { PropertyTest } from '~/features/audience/contract';
import type { Header, Sources } from '../contract';

/** What somebody does, with which particulars. */
export type Happening = { name: string; where?: PropertyTest[] };

/** What starts a run; exactly one of its keys. */
export type Trigger =
  | { event: Happening & { from_web?: boolean } }
  | { contact_created: true }
  | { trait_changed: { trait: string } }
  | { tag_added: { tag: string } }
  | { tag_removed: { tag: string } }
  | { date: { trait: string; offset_days?: number; at: string; yearly?: boolean } }
  | { segment_entered: { segment_id: string } };

/** How long a run waits: days, hours and minutes, then until a time of day. */
export type Delay = { days: number; hours: number; minutes: number; at?: string | null };

/** What must not happen between the start and the message. */
export type Unless = { event: Happening; within_hours: number };

export type Reentry = 'never' | 'each' | { after_days: number };

/** Another message that is tried. */
export type Variant = {
  name: string;
  /** How many of a hundred get it. */
  share: number;
  template_id: string;
  variables: Sources;
  header?: Header | null;
};

export type Ongoing = {
  trigger?: Trigger;
  delay: Delay;
  unless?: Unless;
  reentry: Reentry;
  /** How many of a hundred get nothing, to compare with. */
  holdout_percent: number;
  late_after_hours: number;
  zone_trait?: string;
  variants: Variant[];
};

/** Whom a start concerns: those for whom it happens from now on, or also those who are in already. */
export type Enrol = Schemas['EnrolChoice'];

export type Backtest = Told<Schemas['Backtest']>;

export const runStates = ['new', 'waiting', 'done', 'dropped'] as const;

/** A person's way through the campaign. */
export type Run = Narrowed<'CampaignRun', { state: (typeof runStates)[number] }>;

export type OngoingReport = Told<Schemas['OngoingReport']>;
export type CampaignDay = OngoingReport['days'][number];
export type CampaignArm = OngoingReport['arms'][number];

export type CampaignVersion = Told<Schemas['CampaignVersion']>;
