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
