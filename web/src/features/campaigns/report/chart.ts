/** Where the lines and words of the chart over time go; what is drawn is decided elsewhere. */
import type { SeriesPoint } from '../contract';

const MINUTE = 60_000;

export const lines = ['sent', 'delivered', 'read', 'replied', 'failed'] as const;
export type Line = (typeof lines)[number];

export type Totals = { at: number } & Record<Line, number>;

/** What had happened by the end of each minute, from nothing at the beginning of the first. */
export function summed(series: SeriesPoint[]): Totals[] {
  const now: Record<Line, number> = { sent: 0, delivered: 0, read: 0, replied: 0, failed: 0 };
  const [first] = series;
  if (!first) return [];
  const ends = series.map((point) => {
    for (const line of lines) now[line] += point[line];
    return { at: Date.parse(point.at) + MINUTE, ...now };
  });
  return [{ at: Date.parse(first.at), sent: 0, delivered: 0, read: 0, replied: 0, failed: 0 }, ...ends];
}

/** Round figures from nought to at least the most, at most five of them. */
export function yTicks(most: number): number[] {
  if (most <= 0) return [0, 1];
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? rough;
  const whole = Math.max(1, Math.ceil(step));
  const ticks = [0];
  while ((ticks.at(-1) ?? 0) < most) ticks.push((ticks.at(-1) ?? 0) + whole);
  return ticks;
}

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const spans = [
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
];

/** Moments to write below the chart: as many as have room, at round times of the reader's clock. */
export function xTicks(from: number, to: number, room: number): number[] {
  const most = Math.max(2, Math.floor(room));
  const span = spans.find((each) => (to - from) / each <= most) ?? DAY * Math.ceil((to - from) / DAY / most);
  const offset = new Date(from).getTimezoneOffset() * MINUTE;
  const ticks: number[] = [];
  for (let at = Math.ceil((from - offset) / span) * span + offset; at <= to; at += span) ticks.push(at);
  return ticks;
}

/** A line through points as a path. */
export const pathOf = (points: [number, number][]): string =>
  points.map(([x, y], index) => `${index ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');

/** Heights of labels near where they want to be, none nearer to another than a gap, all inside. */
export function spread(wanted: number[], gap: number, top: number, bottom: number): number[] {
  const order = wanted.map((y, index) => ({ y, index })).toSorted((a, b) => a.y - b.y);
  let last = Number.NEGATIVE_INFINITY;
  for (const each of order) {
    each.y = Math.max(each.y, last + gap, top);
    last = each.y;
  }
  let next = bottom;
  for (const each of order.toReversed()) {
    each.y = Math.min(each.y, next);
    next = each.y - gap;
  }
  const placed = [...wanted];
  for (const { y, index } of order) placed[index] = y;
  return placed;
}

/** The point nearest to a moment. */
export function nearest(points: Totals[], at: number): Totals | undefined {
  let best: Totals | undefined;
  for (const point of points) if (!best || Math.abs(point.at - at) < Math.abs(best.at - at)) best = point;
  return best;
}
