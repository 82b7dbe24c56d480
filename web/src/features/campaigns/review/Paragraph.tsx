import type { ReactNode } from 'react';
import classes from './Review.module.css';

interface Props {
  title: string;
  /** Takes the whole width, its title above it. */
  wide?: boolean;
  children: ReactNode;
}

/** A part of the letter that a review is. */
export function Paragraph({ title, wide, children }: Props) {
  return (
    <section className={classes.paragraph} data-wide={wide || undefined} aria-label={title}>
      <h2 className={classes.title}>{title}</h2>
      <div className={classes.text}>{children}</div>
    </section>
  );
}
