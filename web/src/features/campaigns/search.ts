import { type CampaignState, campaignStates } from './contract';

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

const word = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[a-z_]{2,40}$/.test(value) ? value : undefined;

export function reportSearch(search: Record<string, unknown>): ReportSearch {
  const [state, reason] = [word(search.state), word(search.reason)];
  return {
    ...(state ? { state } : {}),
    ...(reason ? { reason } : {}),
    ...(typeof search.q === 'string' && search.q.trim() ? { q: search.q } : {}),
  };
}

export const steps = ['audience', 'message', 'test', 'schedule', 'review'] as const;
export type Step = (typeof steps)[number];

export const stepOf = (text: string): Step => steps.find((each) => each === text) ?? 'audience';
