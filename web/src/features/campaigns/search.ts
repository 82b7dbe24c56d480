import { type CampaignKind, type CampaignState, campaignStates } from './contract';

/** What the address of the campaigns' list says; what is left out is everything. */
export interface CampaignsSearch {
  q?: string;
  state?: CampaignState;
  /** Whether the name of a new one is asked for. */
  new?: true;
}

export function campaignsSearch(search: Record<string, unknown>): CampaignsSearch {
  const state = campaignStates.find((each) => each === search.state);
  return {
    ...(typeof search.q === 'string' && search.q.trim() ? { q: search.q } : {}),
    ...(state ? { state } : {}),
    // An address holds texts only.
    ...(String(search.new) === 'true' ? { new: true } : {}),
  };
}

/** What the address of a report says: which of its people are listed. */
export interface ReportSearch {
  state?: string;
  reason?: string;
  q?: string;
}

/** Which of an on-going campaign's runs are listed: those in a state, or dropped for a reason. */
export interface RunsSearch {
  run?: string;
  dropped?: string;
}

const word = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[a-z_]{2,40}$/.test(value) ? value : undefined;

export function reportSearch(search: Record<string, unknown>): ReportSearch & RunsSearch {
  const [state, reason] = [word(search.state), word(search.reason)];
  const [run, dropped] = [word(search.run), word(search.dropped)];
  return {
    ...(run ? { run } : {}),
    ...(dropped ? { dropped } : {}),
    ...(state ? { state } : {}),
    ...(reason ? { reason } : {}),
    ...(typeof search.q === 'string' && search.q.trim() ? { q: search.q } : {}),
  };
}

/** The steps of the builder, by what kind of campaign is written. */
export const steps = {
  one_time: ['audience', 'message', 'test', 'schedule', 'review'],
  ongoing: ['trigger', 'audience', 'timing', 'message', 'test', 'limits', 'review'],
} as const;
export type Step = (typeof steps)[CampaignKind][number];

/** The steps of a campaign. A test sends what is saved, and of a new version nothing is saved before it is in force. */
export const stepsOf = ({ kind, state }: { kind: CampaignKind; state: CampaignState }): Step[] =>
  steps[kind].filter((step) => step !== 'test' || state === 'draft');

/** The step that an address names; the first where it names none. */
export const stepOf = (text: string, campaign: { kind: CampaignKind; state: CampaignState }): Step =>
  stepsOf(campaign).find((each) => each === text) ?? steps[campaign.kind][0];
