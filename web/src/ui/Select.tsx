import { type ReactNode, useId } from 'react';
import { IconChevronDown } from './icons';
import classes from './Select.module.css';

export interface Choice {
  value: string;
  text: string;
  disabled?: boolean;
}

interface Props {
  label: string;
  /** The label is only said, where the sentence around it says enough. */
  bare?: boolean;
  value: string;
  /** Shown while nothing is chosen. */
  placeholder?: string;
  choices: Choice[];
  /** Choices under headings, after those without one. */
  groups?: { name: string; choices: Choice[] }[];
  onChange: (value: string) => void;
  help?: ReactNode;
  error?: string;
  disabled?: boolean;
}

/** The browser's own list to choose from, in our looks. */
export function Select({
  label,
  bare,
  value,
  placeholder,
  choices,
  groups,
  onChange,
  help,
  error,
  disabled,
}: Props) {
  const id = useId();
  return (
    <div className={classes.field} data-bare={bare || undefined}>
      <label htmlFor={id} className={bare ? 'visually-hidden' : classes.label}>
        {label}
      </label>
      <span className={classes.box}>
        <select
          id={id}
          className={classes.select}
          value={value}
          disabled={disabled}
          data-empty={value === '' || undefined}
          aria-invalid={error ? true : undefined}
          aria-describedby={help || error ? `${id}-more` : undefined}
          onChange={(event) => onChange(event.currentTarget.value)}
        >
          {placeholder !== undefined ? (
            <option value="" disabled>
              {placeholder}
            </option>
          ) : null}
          {choices.map((each) => (
            <option key={each.value} value={each.value} disabled={each.disabled}>
              {each.text}
            </option>
          ))}
          {groups?.map((group) =>
            group.choices.length > 0 ? (
              <optgroup key={group.name} label={group.name}>
                {group.choices.map((each) => (
                  <option key={each.value} value={each.value} disabled={each.disabled}>
                    {each.text}
                  </option>
                ))}
              </optgroup>
            ) : null,
          )}
        </select>
        <IconChevronDown size={14} strokeWidth={2} aria-hidden="true" className={classes.arrow} />
      </span>
      {help || error ? (
        <span id={`${id}-more`} className={classes.more} data-error={error ? '' : undefined}>
          {error ?? help}
        </span>
      ) : null}
    </div>
  );
}
