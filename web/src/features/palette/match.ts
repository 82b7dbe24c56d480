/** How well what somebody types fits what a line says; whatever the case and the accents. */

export const folded = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();

const wordsOf = (text: string): string[] =>
  folded(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/**
 * 0 where a typed word is found nowhere; else higher for what begins with it,
 * for words that begin with it, and for the title rather than other names.
 */
export function score(typed: string, title: string, otherNames = ''): number {
  const asked = wordsOf(typed);
  if (asked.length === 0) return 1;
  const inTitle = wordsOf(title);
  const inOthers = wordsOf(otherNames);
  let total = 0;
  for (const word of asked) {
    if (inTitle.some((each) => each === word)) total += 6;
    else if (inTitle.some((each) => each.startsWith(word))) total += 5;
    else if (inOthers.some((each) => each.startsWith(word))) total += 3;
    else if (inTitle.some((each) => each.includes(word))) total += 1;
    else return 0;
  }
  return total + (folded(title).startsWith(folded(typed.trim())) ? 4 : 0);
}

/** Those that fit, best first; equals stay in their order. */
export function ranked<T extends { text: string; otherNames?: string }>(typed: string, lines: T[]): T[] {
  return lines
    .map((line) => ({ line, points: score(typed, line.text, line.otherNames) }))
    .filter(({ points }) => points > 0)
    .sort((one, other) => other.points - one.points)
    .map(({ line }) => line);
}

/** Whether each typed word begins a word of the line: then it is surely meant, not found by chance. */
export function begins(typed: string, title: string, otherNames = ''): boolean {
  const words = [...wordsOf(title), ...wordsOf(otherNames)];
  return wordsOf(typed).every((asked) => words.some((word) => word.startsWith(asked)));
}
