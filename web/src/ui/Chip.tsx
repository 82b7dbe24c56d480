import type { ReactNode } from 'react';
import classes from './Chip.module.css';

export type Tone = 'neutral' | 'success' | 'warning' | 'danger' | 'info' | 'accent';

interface Props {
  tone: Tone;
  /** Its shape says the same as its colour. */
  icon?: ReactNode;
  children: ReactNode;
}

/** A state in one or two words, on the soft colour of what it means. */
export function Chip({ tone, icon, children }: Props) {
  return (
    <span className={classes.chip} data-tone={tone}>
      {icon ? (
        <span className={classes.icon} aria-hidden="true">
          {icon}
        </span>
      ) : null}
      {children}
    </span>
  );
}
