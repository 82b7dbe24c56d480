/** What the tools above the text do to it: one replacement of a stretch, and what is selected after it. */
import { placesIn } from '../preview/drawing';

export interface Edit {
  from: number;
  to: number;
  insert: string;
  /** Selected afterwards. */
  select: [number, number];
}

export type Mark = '*' | '_' | '~' | '```';

/** Puts a mark around a selection, or takes it away where it is there. Marks hug words and end with the line. */
export function marked(text: string, start: number, end: number, mark: Mark): Edit {
  const size = mark.length;
  if (start === end) {
    const caret = start + size;
    return { from: start, to: end, insert: mark + mark, select: [caret, caret] };
  }
  const chosen = text.slice(start, end);
  const from = start + (chosen.length - chosen.trimStart().length);
  const to = end - (chosen.length - chosen.trimEnd().length);
  const words = text.slice(from, to);
  if (!words) return { from: start, to: end, insert: chosen, select: [start, end] };
  if (text.slice(from - size, from) === mark && text.slice(to, to + size) === mark)
    return { from: from - size, to: to + size, insert: words, select: [from - size, to - size] };
  if (words.length > 2 * size && words.startsWith(mark) && words.endsWith(mark)) {
    const bare = words.slice(size, -size);
    return { from, to, insert: bare, select: [from, from + bare.length] };
  }
  const insert =
    mark === '```'
      ? mark + words + mark
      : words.replace(
          /^([^\S\n]*)(\S(?:.*\S)?)([^\S\n]*)$/gm,
          (_, before, line, after) => `${before}${mark}${line}${mark}${after}`,
        );
  const one = !insert.includes('\n') || mark === '```';
  return {
    from,
    to,
    insert,
    select: one ? [from + size, from + insert.length - size] : [from, from + insert.length],
  };
}

/** Something put in place of the selection, with the caret after it. */
export const inserted = (start: number, end: number, insert: string): Edit => ({
  from: start,
  to: end,
  insert,
  select: [start + insert.length, start + insert.length],
});

/** The number that the next place of a text has. */
export function nextNumber(text: string): number {
  const numbers = placesIn(text).map(Number).filter(Number.isInteger);
  return Math.max(0, ...numbers) + 1;
}

/** A name that no place of the text has yet. */
export function freshName(text: string, wish: string): string {
  const taken = new Set(placesIn(text));
  if (!taken.has(wish)) return wish;
  for (let number = 2; ; number += 1) if (!taken.has(`${wish}_${number}`)) return `${wish}_${number}`;
}

/** A place with a name of its own, selected so that the name can be typed over. */
export function namedPlace(start: number, end: number, name: string): Edit {
  return { from: start, to: end, insert: `{{${name}}}`, select: [start + 2, start + 2 + name.length] };
}

/** The same text with its places renamed, and their samples with them. */
export function renamed(
  text: string,
  samples: Record<string, string>,
  nameOf: (name: string, at: number) => string,
): { text: string; samples: Record<string, string> } {
  const names = new Map(placesIn(text).map((name, at) => [name, nameOf(name, at)]));
  return {
    text: text.replace(/\{\{\s*([^{}]+?)\s*\}\}/g, (_, name: string) => `{{${names.get(name) ?? name}}}`),
    samples: Object.fromEntries([...names].map(([old, fresh]) => [fresh, samples[old] ?? ''])),
  };
}

/** A name that Meta takes for a place that had a number. */
export const nameFor = (name: string): string => (/^\d+$/.test(name) ? `text_${name}` : name);
