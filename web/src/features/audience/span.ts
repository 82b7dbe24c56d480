/** Spans of time as filters hold them: a whole number with its unit, such as `30d`. */
import { locale } from '~/texts/texts';

export const spanUnits = ['m', 'h', 'd', 'w'] as const;
export type SpanUnit = (typeof spanUnits)[number];

export interface Span {
  amount: number;
  unit: SpanUnit;
}

const minutes: Record<SpanUnit, number> = { m: 1, h: 60, d: 1440, w: 10_080 };
const names = { m: 'minute', h: 'hour', d: 'day', w: 'week' } as const;

/** Ten years, in minutes; the server takes no longer ones. */
const LONGEST = 3650 * minutes.d;

/** A span from its text; null for what is none, for nought and for more than ten years. */
export function readSpan(text: unknown): Span | null {
  const match = typeof text === 'string' ? /^(\d{1,7})([mhdw])$/.exec(text.trim()) : null;
  const unit = spanUnits.find((each) => each === match?.[2]);
  const amount = Number(match?.[1]);
  return unit && amount >= 1 && amount * minutes[unit] <= LONGEST ? { amount, unit } : null;
}

export const spanText = ({ amount, unit }: Span): string => `${amount}${unit}`;

/** “30 days”, in the reader's language. */
export function spanWords(text: string): string {
  const span = readSpan(text);
  if (!span) return text;
  return new Intl.NumberFormat(locale(), {
    style: 'unit',
    unit: names[span.unit],
    unitDisplay: 'long',
  }).format(span.amount);
}

/** What a unit is called beside a field for its number: “days”. */
export function unitWords(unit: SpanUnit): string {
  const parts = new Intl.NumberFormat(locale(), {
    style: 'unit',
    unit: names[unit],
    unitDisplay: 'long',
  }).formatToParts(2);
  return parts.find(({ type }) => type === 'unit')?.value ?? names[unit];
}
