import type { DayFigures } from './DayBars';

const DAY_MS = 86_400_000;
/** As many as a look at the past shows; fewer bars would look like walls. */
const LEAST = 30;

/** The days with those between them in which nothing happened, and enough before them to see when it began. */
export function daysThrough(days: DayFigures[]): DayFigures[] {
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return [];
  const end = Date.parse(`${last.day}T00:00:00Z`);
  const begin = Math.min(Date.parse(`${first.day}T00:00:00Z`), end - (LEAST - 1) * DAY_MS);
  const known = new Map(days.map((each) => [each.day, each]));
  return Array.from({ length: Math.round((end - begin) / DAY_MS) + 1 }, (_, no) => {
    const day = new Date(begin + no * DAY_MS).toISOString().slice(0, 10);
    return known.get(day) ?? { day, whole: 0, part: 0 };
  });
}
