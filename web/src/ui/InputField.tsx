import { type InputHTMLAttributes, useId } from 'react';
import classes from './InputField.module.css';

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, 'className' | 'id'> {
  label: string;
  /** As wide as the form, up to what is read at a glance; else as wide as what it takes. */
  wide?: boolean;
  help?: string;
  error?: string;
}

/** The browser's own field under its name, with a word below it. */
export function InputField({ label, wide, help, error, ...input }: Props) {
  const id = useId();
  return (
    <label className={classes.field} data-wide={wide || undefined}>
      <span className={classes.label}>{label}</span>
      <input
        className={classes.input}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? id : undefined}
        {...input}
      />
      {help ? <span className={classes.help}>{help}</span> : null}
      {error ? (
        <span id={id} className={classes.wrong} role="alert">
          {error}
        </span>
      ) : null}
    </label>
  );
}

/** How the name of a field looks, for what brings its own. */
export const labelText = classes.label;
