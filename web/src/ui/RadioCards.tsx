import type { ComponentType, ReactNode } from 'react';
import classes from './RadioCards.module.css';

export interface Card<Value extends string> {
  value: Value;
  title: string;
  help?: ReactNode;
  Icon?: ComponentType<{ size?: number; strokeWidth?: number }>;
}

interface Props<Value extends string> {
  name: string;
  label: string;
  value: Value | null;
  cards: Card<Value>[];
  onChange: (value: Value) => void;
  /** The icon above a short title; what the chosen one means stands below all of them. */
  compact?: boolean;
}

/** One of a few that need a sentence each: radio buttons that look like cards. */
export function RadioCards<Value extends string>({
  name,
  label,
  value,
  cards,
  onChange,
  compact,
}: Props<Value>) {
  const chosen = cards.find((each) => each.value === value);
  return (
    <div className={classes.box}>
      <div className={classes.cards} data-compact={compact || undefined} role="radiogroup" aria-label={label}>
        {cards.map(({ value: own, title, help, Icon }) => (
          <label key={own} className={classes.card}>
            <input
              type="radio"
              name={name}
              value={own}
              className={classes.radio}
              checked={own === value}
              aria-describedby={
                help ? (compact ? (own === value ? `${name}-help` : undefined) : `${name}-${own}`) : undefined
              }
              aria-label={title}
              onChange={() => onChange(own)}
            />
            {Icon ? (
              <span className={classes.icon} aria-hidden="true">
                <Icon size={18} strokeWidth={1.75} />
              </span>
            ) : null}
            <span className={classes.words}>
              <span className={classes.title}>{title}</span>
              {help && !compact ? (
                <span id={`${name}-${own}`} className={classes.help}>
                  {help}
                </span>
              ) : null}
            </span>
          </label>
        ))}
      </div>
      {compact && chosen?.help ? (
        <p id={`${name}-help`} className={classes.help}>
          {chosen.help}
        </p>
      ) : null}
    </div>
  );
}
