import { useEffect, useState } from 'react';
import type { Campaign } from '../contract';

const TICK_MS = 250;

/**
 * How many whole seconds a sending that begins at once can still be taken back; nought when it no
 * longer can. What is scheduled can be taken back until its time, so nothing is counted for it.
 */
export function useUndoLeft({ state, schedule, undo_until: until }: Campaign): number {
  const end = until ? Date.parse(until) : 0;
  const early = state === 'scheduled' || state === 'planning' || state === 'running';
  const counts = early && schedule?.when === 'now';
  const [now, setNow] = useState(Date.now);
  const over = now >= end;
  useEffect(() => {
    if (!counts || over) return;
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [counts, over]);
  return counts && !over ? Math.ceil((end - now) / 1000) : 0;
}
