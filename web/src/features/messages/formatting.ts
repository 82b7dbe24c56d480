/**
 * The marks that WhatsApp reads in a text: `*bold*`, `_italic_`, `~struck~`,
 * code in backticks, quotes and lists at the start of a line; and links, which
 * it finds by itself. Made into a tree that is drawn as elements, never as HTML.
 */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'bold' | 'italic' | 'struck'; children: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'link'; href: string; text: string };

export type Block =
  | { kind: 'line'; children: Inline[] }
  | { kind: 'quote'; children: Inline[] }
  | { kind: 'item'; marker: string; children: Inline[] }
  | { kind: 'code'; text: string };

const LINK = /(?:https?:\/\/|www\.)[^\s<>"'`]+|[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/giu;
const marks = { '*': 'bold', _: 'italic', '~': 'struck' } as const;

/** Full stops and brackets that end a sentence are not part of the address. */
function trimmed(address: string): string {
  let end = address.replace(/[.,;:!?…»”’]+$/u, '');
  while (end.endsWith(')') && !end.includes('(')) end = end.slice(0, -1);
  return end;
}

function withLinks(text: string): Inline[] {
  const found: Inline[] = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const words = trimmed(match[0]);
    const at = match.index;
    if (at > from) found.push({ kind: 'text', text: text.slice(from, at) });
    const href = words.includes('@') && !/^(https?:|www\.)/i.test(words) ? `mailto:${words}` : words;
    found.push({ kind: 'link', text: words, href: /^www\./i.test(href) ? `https://${href}` : href });
    from = at + words.length;
  }
  if (from < text.length) found.push({ kind: 'text', text: text.slice(from) });
  return found;
}

const isWord = (letter: string | undefined): boolean => letter !== undefined && /[\p{L}\p{N}]/u.test(letter);
const isSpace = (letter: string | undefined): boolean => letter === undefined || /\s/.test(letter);

/** Where the mark that opens at `start` closes, or -1: it must hug its words on both sides. */
function closing(text: string, start: number): number {
  const mark = text[start];
  if (isWord(text[start - 1]) || isSpace(text[start + 1]) || text[start + 1] === mark) return -1;
  for (let end = start + 2; end < text.length; end += 1)
    if (text[end] === mark && !isSpace(text[end - 1]) && !isWord(text[end + 1])) return end;
  return -1;
}

export function inline(text: string): Inline[] {
  const found: Inline[] = [];
  let plain = '';
  const flush = () => {
    if (plain) found.push(...withLinks(plain));
    plain = '';
  };
  const links = [...text.matchAll(LINK)].map(
    (match) => [match.index, match.index + match[0].length] as const,
  );
  let at = 0;
  while (at < text.length) {
    const letter = text[at] ?? '';
    const link = links.find(([from]) => from === at);
    if (link) {
      plain += text.slice(link[0], link[1]);
      at = link[1];
      continue;
    }
    if (letter === '`') {
      const end = text.indexOf('`', at + 1);
      if (end > at + 1) {
        flush();
        found.push({ kind: 'code', text: text.slice(at + 1, end) });
        at = end + 1;
        continue;
      }
    }
    const kind = letter === '*' || letter === '_' || letter === '~' ? marks[letter] : null;
    const end = kind ? closing(text, at) : -1;
    if (kind && end > 0) {
      flush();
      found.push({ kind, children: inline(text.slice(at + 1, end)) });
      at = end + 1;
      continue;
    }
    plain += letter;
    at += 1;
  }
  flush();
  return found;
}

/** The words without their marks, for where nothing is drawn. */
export const plain = (pieces: Inline[]): string =>
  pieces.map((piece) => ('children' in piece ? plain(piece.children) : piece.text)).join('');

function block(line: string): Block {
  const quote = /^>\s(.*)$/s.exec(line);
  if (quote) return { kind: 'quote', children: inline(quote[1] ?? '') };
  const bullet = /^[-*]\s+(\S.*)$/s.exec(line);
  if (bullet) return { kind: 'item', marker: '•', children: inline(bullet[1] ?? '') };
  const number = /^(\d{1,3})\.\s+(\S.*)$/s.exec(line);
  if (number) return { kind: 'item', marker: `${number[1]}.`, children: inline(number[2] ?? '') };
  return { kind: 'line', children: inline(line) };
}

export function format(text: string): Block[] {
  return text.split(/(```[\s\S]+?```)/).flatMap((part, index): Block[] => {
    if (index % 2) return [{ kind: 'code', text: part.slice(3, -3).replace(/^\n|\n$/g, '') }];
    const cut = part.replace(index > 0 ? /^\n/ : /^$/, '').replace(/\n$/, '');
    return cut || part === text ? cut.split('\n').map(block) : [];
  });
}

/** One to three emoji and nothing else: drawn large, as on the phone. */
export function isJumbo(text: string): boolean {
  const trimmedText = text.trim();
  if (!trimmedText || trimmedText.length > 40) return false;
  const letters = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(trimmedText)];
  return (
    letters.length <= 3 &&
    letters.every(({ segment }) => /\p{Extended_Pictographic}|\p{RI}{2}/u.test(segment))
  );
}
