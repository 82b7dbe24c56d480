import { useSyncExternalStore } from 'react';

interface Ticker {
  read: () => number;
  subscribe: (listener: () => void) => () => void;
}

const tickers = new Map<number, Ticker>();

function make(everyMs: number): Ticker {
  const listeners = new Set<() => void>();
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = () => {
    now = Date.now();
    for (const each of listeners) each();
  };
  return {
    read: () => now,
    // The same function for good: a fresh one on every drawing would subscribe again, move the
    // time again and so draw again, for ever.
    subscribe: (listener) => {
      if (listeners.size === 0) {
        now = Date.now();
        timer = setInterval(tick, everyMs);
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearInterval(timer);
      };
    },
  };
}

/** Now, in Unix milliseconds, re-read every `everyMs` by one timer however many ask. */
export function useNow(everyMs = 60_000): number {
  let ticker = tickers.get(everyMs);
  if (!ticker) {
    ticker = make(everyMs);
    tickers.set(everyMs, ticker);
  }
  return useSyncExternalStore(ticker.subscribe, ticker.read);
}
