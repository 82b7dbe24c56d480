/** What one version of an on-going campaign says otherwise than another. */
import { canonical } from '~/features/audience/filters';
import type { Sentence } from '../builder/sentences';
import type { Campaign, CampaignEdit } from '../contract';
import type { CampaignVersion } from './contract';

/** Whether a campaign was started and goes on, so that it is changed by a new version. */
export const mayChange = ({ kind, state }: Pick<Campaign, 'kind' | 'state'>): boolean =>
  kind === 'ongoing' && (state === 'running' || state === 'pausing' || state === 'paused');

/** The edits that say something else than what is there. */
export const differing = (campaign: Campaign, edits: CampaignEdit): CampaignEdit =>
  Object.fromEntries(
    Object.entries(edits).filter(
      ([key, value]) => canonical(value) !== canonical(campaign[key as keyof CampaignEdit]),
    ),
  );

/** A campaign as it was in a version. */
export const inVersion = (campaign: Campaign, { says }: CampaignVersion): Campaign => ({
  ...campaign,
  ...(says as CampaignEdit),
});

export interface Change {
  key: string;
  /** What it says now; null for what is gone. */
  now: string | null;
  /** What it said before; null for what is new. */
  before: string | null;
}

/** The sentences that differ between two versions, in the order of the steps. */
export function changesOf(before: Sentence[], now: Sentence[]): Change[] {
  const of = (sentences: Sentence[], key: string) => sentences.find((each) => each.key === key)?.text ?? null;
  const keys = [...new Set([...now, ...before].map(({ key }) => key))];
  return keys.flatMap((key) => {
    const change = { key, now: of(now, key), before: of(before, key) };
    return change.now === change.before ? [] : [change];
  });
}
