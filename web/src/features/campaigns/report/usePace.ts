import { useEffect, useRef, useState } from 'react';
import type { Campaign } from '../contract';

const LOOKED_AT_MS = 20_000;

/** About how many seconds a running campaign still needs, by the pace of the last ones; null while nobody can say. */
export function usePace(campaign: Campaign | undefined): number | null {
  const seen = useRef<{ at: number; out: number }[]>([]);
  const [left, setLeft] = useState<number | null>(null);
  const running = campaign?.state === 'running';
  const out = campaign?.out ?? 0;
  const waiting = campaign?.funnel.waiting ?? 0;
  useEffect(() => {
    if (!running) {
      seen.current = [];
      setLeft(null);
      return;
    }
    const now = Date.now();
    seen.current = [...seen.current.filter(({ at }) => now - at < LOOKED_AT_MS), { at: now, out }];
    const [first] = seen.current;
    const pace = first && now > first.at ? (out - first.out) / (now - first.at) : 0;
    setLeft(pace > 0 ? waiting / pace / 1000 : null);
  }, [running, out, waiting]);
  return left;
}
