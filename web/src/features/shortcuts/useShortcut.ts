import { useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import { matches, type Shortcut } from './shortcuts';

const setting = 'wigwag-single-key-shortcuts';
const listeners = new Set<() => void>();

const enabled = (): boolean => localStorage.getItem(setting) !== 'off';

/** Whether shortcuts of one letter are on, and the way to change it. */
export function useSingleKeys(): [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, enabled);
  const set = (next: boolean) => {
    localStorage.setItem(setting, next ? 'on' : 'off');
    for (const each of listeners) each();
  };
  return [on, set];
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  // A box that is ticked takes no letters.
  if (target instanceof HTMLInputElement && target.type === 'checkbox') return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function isInLayer(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('dialog, [popover], [role="dialog"], [role="menu"], [role="listbox"]') !== null
  );
}

/**
 * Runs the handler on the shortcut, not while somebody types or a sheet is open. Heard as soon as what it is
 * about is drawn, and about what is drawn: a key that is pressed in the same moment is not lost.
 */
export function useShortcut(name: Shortcut, handler: (event: KeyboardEvent) => void, active = true): void {
  const latest = useRef(handler);
  useLayoutEffect(() => {
    latest.current = handler;
  });
  useLayoutEffect(() => {
    if (!active) return;
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !matches(name, event)) return;
      const withModifier = event.ctrlKey || event.metaKey;
      if (!withModifier && (isTyping(event.target) || isInLayer(event.target))) return;
      // Those of one letter can be off, for people who dictate.
      if (event.key.length === 1 && !withModifier && !enabled()) return;
      event.preventDefault();
      latest.current(event);
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [name, active]);
}
