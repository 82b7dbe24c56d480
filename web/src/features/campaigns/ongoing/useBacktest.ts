import { useQuery } from '@tanstack/react-query';
import type { Draft } from '../builder/useDraft';
import { backtestQuery } from './api';

/** What a saved draft would have done in the past; asked only once it may be, because it is work. */
export const useBacktest = ({ campaign, saving }: Draft, wanted: boolean) =>
  useQuery({
    ...backtestQuery(campaign.id, campaign.version),
    enabled: wanted && saving === 'saved',
    placeholderData: (old) => old,
  });
