import { useSyncExternalStore } from 'react';
import type { Message } from '~/api/contract';

/** Which picture or film is looked at, of which conversation; null for none. */
let shown: Message | null = null;
const listeners = new Set<() => void>();

export function look(message: Message | null): void {
  shown = message;
  for (const each of listeners) each();
}

export function useShown(): Message | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
}
