/**
 * What somebody discarded a moment ago: gone from the list at once, told to the
 * server only when the notice with the way back is gone, or when the page is left.
 */
import { useSyncExternalStore } from 'react';
import { dismiss, toast } from '~/ui/toast';

interface Deed {
  words: string;
  undo: string;
  run: () => Promise<unknown>;
  done: () => void;
  failed: (error: unknown) => void;
}

let held: ReadonlyMap<string, () => void> = new Map();
const listeners = new Set<() => void>();

function set(next: ReadonlyMap<string, () => void>): void {
  held = next;
  for (const each of listeners) each();
}

function release(id: string): void {
  set(new Map([...held].filter(([each]) => each !== id)));
}

/** Hides something at once and does the deed once it can no longer be taken back. */
export function hold(id: string, { words, undo, run, done, failed }: Deed): void {
  if (held.has(id)) return;
  let over = false;
  const finish = () => {
    if (over) return;
    over = true;
    dismiss(notice);
    run()
      .catch(failed)
      .finally(() => {
        done();
        release(id);
      });
  };
  const back = () => {
    over = true;
    release(id);
  };
  const notice = toast(words, { action: { text: undo, run: back }, gone: finish });
  set(new Map([...held, [id, finish]]));
}

/** The page goes away: what was decided is done. */
function finishAll(): void {
  for (const finish of held.values()) finish();
}

window.addEventListener('pagehide', finishAll);

/** What is hidden so far, by id. */
export function useHeld(): ReadonlyMap<string, () => void> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => held,
  );
}
