import { useSyncExternalStore } from 'react';

interface Ticker {
  now: number;
  listeners: Set<() => void>;
  timer: ReturnType<typeof setInterval> | null;
}

const tickers = new Map<number, Ticker>();

function ticker(everyMs: number): Ticker {
  let made = tickers.get(everyMs);
  if (!made) {
    made = { now: Date.now(), listeners: new Set(), timer: null };
    tickers.set(everyMs, made);
  }
  return made;
}

/** Now, in Unix milliseconds, re-read every `everyMs` by one timer however many ask. */
export function useNow(everyMs = 60_000): number {
  const source = ticker(everyMs);
  return useSyncExternalStore(
    (listener) => {
      source.listeners.add(listener);
      source.now = Date.now();
      source.timer ??= setInterval(() => {
        source.now = Date.now();
        for (const each of source.listeners) each();
      }, everyMs);
      return () => {
        source.listeners.delete(listener);
        if (source.listeners.size === 0 && source.timer) {
          clearInterval(source.timer);
          source.timer = null;
        }
      };
    },
    () => source.now,
  );
}
