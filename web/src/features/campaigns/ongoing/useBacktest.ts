import { useQuery } from '@tanstack/react-query';
import type { Draft } from '../builder/useDraft';
import type { ReviewProblem } from '../contract';
import { problemsIn } from '../review/reasons';
import { backtestQuery } from './api';

/** Says that the past cannot be asked about what starts it; nothing is wrong with the campaign then. */
const NOT_KEPT = 'not_kept';

/** What a saved draft would have done, or what is wrong with it: the server checks all of it first. */
export function useBacktest({ campaign, saving }: Draft) {
  const query = useQuery({
    ...backtestQuery(campaign.id, campaign.version),
    enabled: saving === 'saved',
    placeholderData: (old) => old,
  });
  const found: ReviewProblem[] = problemsIn(query.error);
  const problems = found.filter(({ code }) => code !== NOT_KEPT);
  return {
    backtest: query.error ? undefined : query.data,
    problems,
    /** Whether the server has said that nothing stands in the way. */
    ready: (query.isSuccess && !query.isPlaceholderData) || (found.length > 0 && problems.length === 0),
    /** What went wrong that is no problem of the campaign. */
    error: found.length > 0 ? null : query.error,
    asking: query.isFetching,
    refetch: query.refetch,
  };
}
