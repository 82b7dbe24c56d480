import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '~/api/contract';
import { left } from '~/lib/format';
import { SOON } from '~/ui/WindowRing';

export type WindowTone = 'open' | 'soon' | 'closed';

/** Milliseconds until the service window closes; 0 when it is closed. */
export function windowLeft(window: Conversation['window'], now: number): number {
  if (!window.open || !window.closes_at) return 0;
  return Math.max(0, Date.parse(window.closes_at) - now);
}

export function useWindowWords(window: Conversation['window'], now: number) {
  const { t } = useTranslation();
  const leftMs = windowLeft(window, now);
  const tone: WindowTone = leftMs <= 0 ? 'closed' : leftMs < SOON ? 'soon' : 'open';
  const { value, unit } = left(leftMs);
  const words = tone === 'closed' ? t('window.closed') : t(`window.left.${unit}`, { value });
  return { leftMs, tone, words, value };
}

/** The longest time that a timer of the browser takes. */
const LONGEST_MS = 2 ** 31 - 1;

/** Whether session messages may be sent, drawn again at the moment when that ends and not before. */
export function useWindowOpen(window: Conversation['window']): boolean {
  const [, draw] = useState(0);
  const leftMs = windowLeft(window, Date.now());
  const open = leftMs > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the time that is left follows from when it closes.
  useEffect(() => {
    if (!open) return;
    const timer = setTimeout(() => draw((old) => old + 1), Math.min(leftMs, LONGEST_MS));
    return () => clearTimeout(timer);
  }, [open, window.closes_at]);
  return open;
}
