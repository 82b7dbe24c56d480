import classes from './Checkbox.module.css';

interface Props {
  checked: boolean;
  onChange: (checked: boolean) => void;
  label: string;
}

/** The browser's own box, in our colours, with its words beside it. */
export function Checkbox({ checked, onChange, label }: Props) {
  return (
    <label className={classes.checkbox}>
      <input
        type="checkbox"
        className={classes.box}
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>{label}</span>
    </label>
  );
}
