import { useQuery } from '@tanstack/react-query';
import { reviewQuery } from '../api';
import type { Draft } from '../builder/useDraft';

/** The review of what is saved; an older one stays while a new one is worked out. */
export const useReview = ({ campaign, saving }: Draft) =>
  useQuery({
    ...reviewQuery(campaign.id, campaign.version),
    enabled: saving === 'saved',
    placeholderData: (old) => old,
  });
