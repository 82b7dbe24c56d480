import { useSyncExternalStore } from 'react';
import { catchTyping, typedAhead } from './typedAhead';

export type Overlay = 'palette' | 'shortcuts' | 'newChat';

let current: Overlay | null = null;
const listeners = new Set<() => void>();

function set(next: Overlay | null): void {
  current = next;
  for (const each of listeners) each();
}

/** Which of the sheets above the page is open; at most one. */
export const overlays = {
  open: (overlay: Overlay) => {
    if (overlay === 'palette' || overlay === 'newChat') catchTyping();
    set(overlay);
  },
  close: () => {
    typedAhead();
    set(null);
  },
};

export function useOverlay(): Overlay | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
