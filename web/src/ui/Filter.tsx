import { useTranslation } from 'react-i18next';
import classes from './Filter.module.css';
import { IconChevronDown } from './icons';
import { Menu, MenuItem } from './Menu';

interface Props<Value extends string> {
  label: string;
  value: Value | undefined;
  choices: { value: Value; text: string }[];
  onChange: (value: Value | undefined) => void;
}

/** Narrows a list by one of a few values, or by none. */
export function Filter<Value extends string>({ label, value, choices, onChange }: Props<Value>) {
  const { t } = useTranslation();
  const chosen = choices.find((each) => each.value === value);
  return (
    <Menu
      label={label}
      width={200}
      button={(button) => (
        <button type="button" className={classes.filter} data-on={chosen ? '' : undefined} {...button}>
          <span>{label}</span>
          {chosen ? <strong>{chosen.text}</strong> : null}
          <IconChevronDown size={14} strokeWidth={2} aria-hidden="true" />
        </button>
      )}
    >
      <MenuItem checked={!chosen} onSelect={() => onChange(undefined)}>
        {t('states.any')}
      </MenuItem>
      {choices.map((each) => (
        <MenuItem key={each.value} checked={each.value === value} onSelect={() => onChange(each.value)}>
          {each.text}
        </MenuItem>
      ))}
    </Menu>
  );
}
