/**
 * What somebody types between the press that opens a sheet and the moment when
 * its field is there, so that no letter is lost and none becomes a shortcut.
 */

import { type Dispatch, type SetStateAction, useEffect } from 'react';
import { flushSync } from 'react-dom';

/** A sheet that has not come by then will not; the keys belong to the page again. */
const LONGEST_MS = 5000;

let letters = '';
let stop: (() => void) | null = null;

/** Takes the keys of the page until `typedAhead` is called. */
export function catchTyping(): void {
  stop?.();
  letters = '';
  const listen = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key.length === 1) letters += event.key;
    else if (event.key === 'Backspace') letters = letters.slice(0, -1);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const timer = setTimeout(() => stop?.(), LONGEST_MS);
  window.addEventListener('keydown', listen, true);
  stop = () => {
    clearTimeout(timer);
    window.removeEventListener('keydown', listen, true);
    stop = null;
  };
}

/** What was typed so far; the keys stay taken. */
export const typedSoFar = (): string => letters;

/** Gives the keys back and says what was typed. */
export function typedAhead(): string {
  stop?.();
  const typed = letters;
  letters = '';
  return typed;
}

/**
 * Fills the field of a sheet that has just come. Drawn at once, before the next
 * key is told: that one must find the letters before it in the field.
 */
export function useTypedAhead(set: Dispatch<SetStateAction<string>>): void {
  useEffect(() => {
    queueMicrotask(() => {
      const ahead = typedAhead();
      flushSync(() => set((old) => (ahead.startsWith(old) ? ahead : old)));
    });
  }, [set]);
}
