import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Builder.module.css';

const LONGEST_NAME = 100;

interface Props {
  name: string;
  readOnly: boolean;
  onChange: (name: string) => void;
}

/** The campaign's name, changed where it stands; left empty it stays what it was. */
export function NameField({ name, readOnly, onChange }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(name);
  const told = useRef(name);
  useEffect(() => {
    if (name === told.current) return;
    told.current = name;
    setTyped(name);
  }, [name]);
  return (
    <input
      className={classes.name}
      aria-label={t('campaigns.name')}
      dir="auto"
      value={typed}
      maxLength={LONGEST_NAME}
      readOnly={readOnly}
      autoComplete="off"
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        const next = event.currentTarget.value.trim();
        if (!next) return;
        told.current = next;
        onChange(next);
      }}
      onBlur={() => setTyped(name)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}
