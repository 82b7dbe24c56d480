import type { Draft } from '../builder/useDraft';
import type { ReviewProblem } from '../contract';
import { useReview } from '../review/useReview';

/**
 * What stands in the way of a start. The review also counts those of today's people who lack a value, which
 * hinders nothing: whom it will meet is decided when it happens.
 */
export const startProblems = (problems: ReviewProblem[]): ReviewProblem[] =>
  problems.filter(({ code }) => code !== 'missing_variable');

/** Whether a saved draft could be started, as its review says; nothing is tried for that. */
export function useStartProblems(draft: Draft) {
  const { data: review, isPlaceholderData: older, error, refetch } = useReview(draft);
  const problems = startProblems(review?.problems ?? []);
  return {
    problems,
    /** Whether the server has said of what is saved now that nothing stands in the way. */
    ready: review !== undefined && !older && problems.length === 0,
    error: review ? null : error,
    refetch,
  };
}
