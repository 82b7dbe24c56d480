import type { ReactNode } from 'react';
import classes from './FilterRow.module.css';
import { IconX } from './icons';

/** What narrows a list, side by side above it. */
export function FilterRow({ children }: { children: ReactNode }) {
  return <div className={classes.row}>{children}</div>;
}

interface NarrowedProps {
  /** What the list is narrowed to, in words. */
  children: ReactNode;
  /** What the button that ends it is called. */
  clear: string;
  onClear: () => void;
}

/** That a list is narrowed to something one has pressed elsewhere, and the way out. */
export function Narrowed({ children, clear, onClear }: NarrowedProps) {
  return (
    <span className={classes.narrowed}>
      {children}
      <button type="button" aria-label={clear} onClick={onClear}>
        <IconX size={14} strokeWidth={2} aria-hidden="true" />
      </button>
    </span>
  );
}
