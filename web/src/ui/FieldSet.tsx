import type { ReactNode } from 'react';
import classes from './FieldSet.module.css';

interface Props {
  legend: string;
  children: ReactNode;
}

/** What belongs together in a form, under one name. */
export function FieldSet({ legend, children }: Props) {
  return (
    <fieldset className={classes.field}>
      <legend className={classes.legend}>{legend}</legend>
      {children}
    </fieldset>
  );
}

/** The same where there is nothing to fill in. */
export function ShownSet({ legend, children }: Props) {
  return (
    <div className={classes.field}>
      <span className={classes.legend}>{legend}</span>
      {children}
    </div>
  );
}
