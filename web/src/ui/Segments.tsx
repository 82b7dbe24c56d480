import classes from './Segments.module.css';

interface Props {
  name: string;
  value: string;
  onChange: (value: string) => void;
  choices: { value: string; text: string }[];
  /** Where no legend stands above it. */
  label?: string;
}

/** One of a few, side by side: radio buttons that look like one control. */
export function Segments({ name, value, onChange, choices, label }: Props) {
  return (
    <div className={classes.segments} role="radiogroup" aria-label={label}>
      {choices.map((choice) => (
        <label key={choice.value} className={classes.segment}>
          <input
            type="radio"
            name={name}
            value={choice.value}
            className={classes.radio}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          {choice.text}
        </label>
      ))}
    </div>
  );
}
