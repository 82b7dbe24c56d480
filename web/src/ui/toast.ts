import { useSyncExternalStore } from 'react';

export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'danger';
  action?: { text: string; run: () => void };
  /** Told when it goes in any way, also after its action. */
  gone?: () => void;
}

const MOST = 3;
const STAYS_MS = { plain: 6000, danger: 9000 };

let toasts: Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();

function set(now: Toast[]): void {
  const left = toasts.filter((each) => !now.includes(each));
  toasts = now;
  for (const each of listeners) each();
  for (const each of left) each.gone?.();
}

/** Says something at the foot of the page for a while, with one thing to do about it at most; returns its id. */
export function toast(text: string, options: Partial<Pick<Toast, 'tone' | 'action' | 'gone'>> = {}): number {
  const id = next;
  next += 1;
  const made: Toast = { id, text, tone: 'plain', ...options };
  set([...toasts, made].slice(-MOST));
  return id;
}

/** Takes a notice away. */
export const dismiss = (id: number): void => set(toasts.filter((each) => each.id !== id));

/** How long a notice stays while nobody looks at it. */
export const staysFor = (toast: Toast): number => STAYS_MS[toast.tone];

/** The notices that are shown, the newest last. */
export function useToasts(): Toast[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
}
