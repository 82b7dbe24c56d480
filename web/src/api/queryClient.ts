import { QueryClient } from '@tanstack/react-query';
import { Problem } from './problem';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < 2 && !(error instanceof Problem && error.status < 500),
      retryDelay: (count) => Math.min(4000, 400 * 2 ** count),
    },
    mutations: { retry: false },
  },
});
