import { useId } from 'react';
import classes from './BoxGrid.module.css';
import { Checkbox } from './Checkbox';

interface Props<Value extends string> {
  /** One line each: a noun, and what may be ticked of it. */
  groups: { name: string; title: string; boxes: { value: Value; label: string }[] }[];
  ticked: readonly string[];
  onTick: (value: Value, on: boolean) => void;
}

/** Many boxes to tick, by what they are about. */
export function BoxGrid<Value extends string>({ groups, ticked, onTick }: Props<Value>) {
  const id = useId();
  return (
    <div className={classes.grid}>
      {groups.map(({ name, title, boxes }) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset in a fieldset is read out twice.
        <div key={name} className={classes.line} role="group" aria-labelledby={id + name}>
          <span id={id + name} className={classes.noun}>
            {title}
          </span>
          <span className={classes.boxes}>
            {boxes.map(({ value, label }) => (
              <Checkbox
                key={value}
                checked={ticked.includes(value)}
                onChange={(on) => onTick(value, on)}
                label={label}
              />
            ))}
          </span>
        </div>
      ))}
    </div>
  );
}
