import type { ReactNode } from 'react';
import classes from './Note.module.css';

interface Props {
  /** Within a line of other words. */
  inline?: boolean;
  /** It changes while one works, and is said then. */
  live?: boolean;
  children: ReactNode;
}

/** A quiet word about what stands above it. */
export function Note({ inline, live, children }: Props) {
  const Element = inline ? 'span' : 'p';
  return (
    <Element className={classes.note} role={live ? 'status' : undefined}>
      {children}
    </Element>
  );
}

/** What is wrong with what stands above it. */
export function Wrong({ children }: { children: ReactNode }) {
  return (
    <p className={classes.wrong} role="alert">
      {children}
    </p>
  );
}
