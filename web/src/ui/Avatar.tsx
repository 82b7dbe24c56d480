import classes from './Avatar.module.css';
import { IconUser } from './icons';

interface Props {
  initials: string;
  color: number;
  size?: number;
}

/** A person's initials on one of twelve colours; decoration, so screen readers skip it. */
export function Avatar({ initials, color, size = 40 }: Props) {
  const index = ((color % 12) + 12) % 12;
  return (
    <span
      className={classes.avatar}
      aria-hidden="true"
      data-initials={initials || undefined}
      style={{
        inlineSize: size,
        blockSize: size,
        fontSize: Math.round(size * 0.36),
        backgroundColor: `var(--avatar-${index})`,
        color: `var(--avatar-${index}-ink)`,
      }}
    >
      {initials ? null : <IconUser size={size * 0.5} strokeWidth={1.75} />}
    </span>
  );
}

/** The first letters of the first and last word, whatever the script. */
export function initialsOf(name: string): string {
  const words = name
    .trim()
    .split(/\s+/)
    .filter((word) => /\p{L}/u.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => word?.match(/\p{L}/u)?.[0] ?? '',
  );
  return letters.join('').toLocaleUpperCase();
}

/** A steady colour for a name that the server gave none for. */
export function colorOf(text: string): number {
  let hash = 7;
  for (const letter of text) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return hash % 12;
}
