import type { Draft } from '../builder/useDraft';
import type { Ongoing } from './contract';

/** What a draft starts with before anything is said. */
export const usualOngoing: Ongoing = {
  delay: { days: 0, hours: 0, minutes: 0 },
  reentry: 'each',
  holdout_percent: 0,
  late_after_hours: 24,
  variants: [],
};

/** What makes a draft on-going, and a way to change parts of it; undefined takes a part out. */
export function useOngoing({ campaign, edit }: Draft): {
  ongoing: Ongoing;
  put: (change: Partial<Ongoing>) => void;
} {
  const ongoing = campaign.ongoing ?? usualOngoing;
  return { ongoing, put: (change) => edit({ ongoing: { ...ongoing, ...change } }) };
}
