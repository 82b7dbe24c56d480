import { keepPreviousData, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { TemplateDraft, TemplateProblem } from '~/api/contract';
import { request } from '~/api/http';

const PAUSE_MS = 250;

const checkQuery = (text: string) =>
  queryOptions({
    queryKey: ['template-check', text],
    queryFn: async ({ signal }) =>
      (
        await request<{ problems: TemplateProblem[] }>('POST', '/templates/check', {
          body: JSON.parse(text) as TemplateDraft,
          signal,
        })
      ).problems,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });

interface Checked {
  /** What breaks a rule; the last answer while a newer one is on its way. */
  problems: TemplateProblem[];
  /** Whether the answer is about what is written now. */
  current: boolean;
  failed: boolean;
  /** Asks without waiting for a pause; null where no answer came. */
  now: () => Promise<TemplateProblem[] | null>;
}

/** Has the server check a draft, given as JSON, against Meta's rules while it is written. */
export function useCheck(text: string): Checked {
  const client = useQueryClient();
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const { data, isPlaceholderData, isError } = useQuery({
    ...checkQuery(settled),
    placeholderData: keepPreviousData,
  });
  return {
    problems: data ?? [],
    current: settled === text && data !== undefined && !isPlaceholderData,
    failed: isError,
    now: () => {
      setSettled(text);
      return client.fetchQuery(checkQuery(text)).catch(() => null);
    },
  };
}
