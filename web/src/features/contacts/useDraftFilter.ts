import { useEffect, useRef, useState } from 'react';
import type { Filter } from '~/features/audience/contract';
import { canonical } from '~/features/audience/filters';
import { fromFilter, toFilter } from '~/features/audience/tree';

const PAUSE_MS = 300;

/** What a filter says, however it is written. */
const said = (filter: Filter | null): string => canonical(toFilter(fromFilter(filter)));

/**
 * A filter while it is being written: seen at once, told after a pause. What comes back of what was told
 * is no news; what came from elsewhere (another view, the browser's back) is taken over.
 */
export function useDraftFilter(
  filter: Filter | null,
  tell: (filter: Filter | null) => void,
): [Filter | null, (next: Filter | null) => void] {
  const [draft, setDraft] = useState(filter);
  const seen = useRef(said(filter));
  const told = useRef<string[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef(tell);
  useEffect(() => {
    latest.current = tell;
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  const now = said(filter);
  if (now !== seen.current) {
    seen.current = now;
    const at = told.current.indexOf(now);
    told.current = told.current.slice(at + 1);
    if (at === -1) {
      told.current = [];
      clearTimeout(timer.current);
      if (now !== said(draft)) setDraft(filter);
    }
  }
  const put = (next: Filter | null) => {
    setDraft(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      if (said(next) !== seen.current) told.current.push(said(next));
      latest.current(next);
    }, PAUSE_MS);
  };
  return [draft, put];
}
