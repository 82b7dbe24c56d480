/** Dates and numbers in the reader's own habits; times are RFC 3339 texts or Unix milliseconds. */
import { locale } from '~/texts/texts';

const cache = new Map<string, Intl.DateTimeFormat>();

function formatter(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  let made = cache.get(name);
  if (!made) {
    made = new Intl.DateTimeFormat(locale(), options);
    cache.set(name, made);
  }
  return made;
}

export const clock = (at: string): string =>
  formatter('clock', { hour: 'numeric', minute: '2-digit' }).format(new Date(at));

export const exact = (at: string): string =>
  formatter('exact', { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));

/** To the second, for logs. */
export const exactSecond = (at: string): string =>
  formatter('second', { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(at));

export const date = (at: string): string =>
  formatter('date-medium', { dateStyle: 'medium' }).format(new Date(at));

/** One text per calendar day of the reader, to compare days by. */
export function dayKey(at: string): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}

export function daysBetween(from: number, to: number): number {
  const start = new Date(from).setHours(0, 0, 0, 0);
  const end = new Date(to).setHours(0, 0, 0, 0);
  return Math.round((end - start) / 86_400_000);
}

function relativeDay(days: number): string {
  const text = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(-days, 'day');
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

/** Today, Yesterday, a weekday within the last week, else the date. */
export function dayTitle(at: string, now: number): string {
  const days = daysBetween(Date.parse(at), now);
  if (days === 0 || days === 1) return relativeDay(days);
  if (days > 1 && days < 7) return formatter('weekday', { weekday: 'long' }).format(new Date(at));
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return sameYear
    ? formatter('day', { weekday: 'short', day: 'numeric', month: 'long' }).format(new Date(at))
    : formatter('date', { day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(at));
}

/** The time today, a weekday within the last week, else the date; short enough for a row. */
export function rowTime(at: string, now: number): string {
  const days = daysBetween(Date.parse(at), now);
  if (days <= 0) return clock(at);
  if (days === 1) return relativeDay(1);
  if (days < 7) return formatter('weekday-short', { weekday: 'short' }).format(new Date(at));
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return formatter(sameYear ? 'md' : 'mdy', {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: '2-digit' }),
  }).format(new Date(at));
}

/** “3 minutes ago”, with the unit that suits the distance. */
export function ago(at: string, now: number): string {
  const seconds = Math.round((Date.parse(at) - now) / 1000);
  const relative = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' });
  const distance = Math.abs(seconds);
  if (distance < 60) return relative.format(Math.min(0, seconds), 'second');
  if (distance < 3600) return relative.format(Math.round(seconds / 60), 'minute');
  if (distance < 86_400) return relative.format(Math.round(seconds / 3600), 'hour');
  if (distance < 30 * 86_400) return relative.format(Math.round(seconds / 86_400), 'day');
  return formatter('mdy-long', { dateStyle: 'medium' }).format(new Date(at));
}

/** A language's name in the reader's language; the code itself where the browser knows none. */
export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames(locale(), { type: 'language' }).of(code.replace('_', '-')) ?? code;
  } catch {
    return code;
  }
}

export const count = (value: number): string => new Intl.NumberFormat(locale()).format(value);

/** Milliseconds as people read them: `4ms`, `1.2s`. */
export function tookMs(ms: number): string {
  const inSeconds = ms >= 1000;
  const value = inSeconds ? ms / 1000 : ms;
  return new Intl.NumberFormat(locale(), {
    style: 'unit',
    unit: inSeconds ? 'second' : 'millisecond',
    unitDisplay: 'narrow',
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value);
}

export function bytes(size: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  let value = size;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return new Intl.NumberFormat(locale(), {
    style: 'unit',
    unit: units[unit],
    unitDisplay: unit === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0,
  }).format(value);
}

/** Hours and minutes, or minutes and seconds in the last hour: `22:04`, with the unit beside it. */
export function left(ms: number): { value: string; unit: 'hours' | 'minutes' } {
  const total = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const two = (value: number) => String(value).padStart(2, '0');
  if (hours > 0) return { value: `${hours}:${two(minutes)}`, unit: 'hours' };
  return { value: `${minutes}:${two(total % 60)}`, unit: 'minutes' };
}

export function duration(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.round(seconds)) : 0;
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** An amount in its own currency; one that is no currency stands behind the figure as it came. */
export function money(amount: number, currency: string): string {
  try {
    return new Intl.NumberFormat(locale(), { style: 'currency', currency }).format(amount);
  } catch {
    return `${new Intl.NumberFormat(locale()).format(amount)} ${currency}`;
  }
}
