import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Checkbox } from '~/ui/Checkbox';
import classes from './Rule.module.css';

/** Rules below each other in one frame. */
export function Rules({ children }: { children: ReactNode }) {
  return <div className={classes.rules}>{children}</div>;
}

/** How a small field of a rule looks. */
export const smallInput = classes.input;

interface LineProps {
  name: string;
  help: string;
  /** Whether it is on; without it there is nothing to switch. */
  on?: boolean;
  onToggle?: (on: boolean) => void;
  children?: ReactNode;
}

/** One rule: its name, what it does, whether it is on, and its figures. */
export function Line({ name, help, on, onToggle, children }: LineProps) {
  return (
    <div className={classes.rule}>
      <div>
        {onToggle ? (
          <Checkbox checked={on ?? false} label={name} onChange={onToggle} />
        ) : (
          <p className={classes.name}>{name}</p>
        )}
        <p className={classes.help}>{help}</p>
      </div>
      {children ? <div className={classes.fields}>{children}</div> : null}
    </div>
  );
}

interface FigureProps {
  label: string;
  before?: string;
  after?: string;
  value: number;
  least: number;
  most: number;
  /** Takes no fractions. */
  whole?: boolean;
  onChange: (value: number) => void;
}

/** A number within limits; what is not one is not told. */
export function Figure({ label, before, after, value, least, most, whole, onChange }: FigureProps) {
  const id = useId();
  const [typed, setTyped] = useState(String(value));
  const told = useRef(value);
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    setTyped(String(value));
  }, [value]);
  const readOf = (text: string): number | null => {
    const read = Number(text.replace(',', '.'));
    const fits = text.trim() !== '' && read >= least && read <= most && (!whole || Number.isInteger(read));
    return fits ? read : null;
  };
  const right = readOf(typed) !== null;
  return (
    <span className={classes.figure}>
      {before ? <label htmlFor={id}>{before}</label> : null}
      <input
        id={id}
        className={classes.input}
        data-figure
        inputMode={whole ? 'numeric' : 'decimal'}
        aria-label={before ? undefined : label}
        aria-invalid={right ? undefined : true}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          const next = readOf(event.currentTarget.value);
          if (next === null) return;
          told.current = next;
          onChange(next);
        }}
        onBlur={() => {
          if (!right) setTyped(String(value));
        }}
      />
      {after}
    </span>
  );
}
