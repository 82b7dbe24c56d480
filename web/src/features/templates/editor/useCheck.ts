import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { TemplateDraft, TemplateProblem } from '~/api/contract';
import { request } from '~/api/http';

const PAUSE_MS = 250;

interface Checked {
  /** What breaks a rule; the last answer while a newer one is on its way. */
  problems: TemplateProblem[];
  /** Whether the answer is about what is written now. */
  current: boolean;
  failed: boolean;
}

/** Has the server check a draft against Meta's rules while it is written. */
export function useCheck(draft: TemplateDraft): Checked {
  const text = JSON.stringify(draft);
  const [settled] = useDebouncedValue(text, PAUSE_MS);
  const { data, isPlaceholderData, isError } = useQuery({
    queryKey: ['template-check', settled],
    queryFn: ({ signal }) =>
      request<{ problems: TemplateProblem[] }>('POST', '/templates/check', {
        body: JSON.parse(settled) as TemplateDraft,
        signal,
      }),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  return {
    problems: data?.problems ?? [],
    current: settled === text && data !== undefined && !isPlaceholderData,
    failed: isError,
  };
}
