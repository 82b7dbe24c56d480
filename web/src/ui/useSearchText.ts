import { useEffect, useRef, useState } from 'react';

/**
 * The text of a field that searches while one types: told after a pause in typing. What comes back from the
 * address of what was told is no news, however late it comes; what comes from elsewhere is taken over.
 */
export function useSearchText(
  value: string,
  tell: (text: string) => void,
  pauseMs: number,
): [string, (text: string) => void] {
  const [typed, setTyped] = useState(value);
  const seen = useRef(value);
  const told = useRef<string[]>([]);
  const latest = useRef(tell);
  useEffect(() => {
    latest.current = tell;
  });
  useEffect(() => {
    if (value === seen.current) return;
    seen.current = value;
    const at = told.current.indexOf(value);
    told.current = at === -1 ? [] : told.current.slice(at + 1);
    if (at === -1) setTyped(value);
  }, [value]);
  useEffect(() => {
    const timer = setTimeout(() => {
      const text = typed.trim();
      if (text === (told.current.at(-1) ?? seen.current)) return;
      told.current.push(text);
      latest.current(text);
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [typed, pauseMs]);
  return [typed, setTyped];
}
