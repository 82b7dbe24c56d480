/** Days and times of day in a zone, and the instants that they are. */
import { locale } from '~/texts/texts';

/** Zones that browsers list under a name that nobody uses any more. */
const renamed: Record<string, string> = {
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Europe/Kiev': 'Europe/Kyiv',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
};

export function ownZone(): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
  return renamed[zone] ?? zone;
}

/** Every zone by its name of today, with the one that is chosen now. */
export function allZones(now: string): string[] {
  const known = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : [];
  return [...new Set([...known.map((zone) => renamed[zone] ?? zone), 'UTC', ownZone(), now])].toSorted();
}

/** What a clock on the wall shows in a zone at an instant: `2026-12-01` and `10:00`. */
export function wallClock(at: Date, zone: string): { date: string; time: string } {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return { date: `${parts.year}-${parts.month}-${parts.day}`, time: `${parts.hour}:${parts.minute}` };
}

/**
 * The instant at which clocks in a zone show a day and time; null when the text is none. A time that
 * is skipped in spring is the one an hour later, one that comes twice in autumn is the first.
 */
export function instantOf(date: string, time: string, zone: string): string | null {
  const wanted = Date.parse(`${date}T${time}:00Z`);
  if (Number.isNaN(wanted)) return null;
  const shown = (at: number) => {
    const clock = wallClock(new Date(at), zone);
    return Date.parse(`${clock.date}T${clock.time}:00Z`);
  };
  try {
    const hour = 3_600_000;
    const offsets = [-24, 24].map((hours) => shown(wanted + hours * hour) - (wanted + hours * hour));
    const candidates = [...new Set(offsets)].map((offset) => wanted - offset).toSorted((a, b) => a - b);
    const hit = candidates.find((at) => shown(at) === wanted) ?? candidates.at(-1);
    return hit === undefined ? null : new Date(hit).toISOString();
  } catch {
    return null;
  }
}

/** “Friday, 28 November 2026 at 10:00”, as clocks in the zone show it. */
export const inZone = (at: string, zone: string): string =>
  new Intl.DateTimeFormat(locale(), { dateStyle: 'full', timeStyle: 'short', timeZone: zone }).format(
    new Date(at),
  );

/** A day without a zone, such as `2026-12-01`. */
export const dayWords = (day: string): string =>
  new Intl.DateTimeFormat(locale(), { dateStyle: 'full', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );

/** A time of day without a zone, such as `21:00`. */
export const timeWords = (time: string): string =>
  new Intl.DateTimeFormat(locale(), { timeStyle: 'short', timeZone: 'UTC' }).format(
    new Date(`2026-01-01T${time}:00Z`),
  );

/** `Asia/Kolkata` as people read it. */
export const zoneWords = (zone: string): string => zone.replaceAll('_', ' ');
