import { CloseButton, TextInput } from '@mantine/core';
import { type Ref, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconSearch } from './icons';
import classes from './SearchBox.module.css';

const PAUSE_MS = 200;

interface Props {
  label: string;
  /** What is searched for now, from the address. */
  value: string;
  /** Told after a pause in typing. */
  onSearch: (text: string) => void;
  ref?: Ref<HTMLInputElement>;
}

/** A field that searches while one types. */
export function SearchBox({ label, value, onSearch, ref }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(value);
  const told = useRef(value);
  const tell = useRef(onSearch);
  useEffect(() => {
    tell.current = onSearch;
  });
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    setTyped(value);
  }, [value]);
  useEffect(() => {
    const timer = setTimeout(() => {
      const text = typed.trim();
      if (text === told.current) return;
      told.current = text;
      tell.current(text);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <TextInput
      ref={ref}
      type="search"
      className={classes.box}
      aria-label={label}
      placeholder={label}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      leftSection={<IconSearch size={16} strokeWidth={1.75} aria-hidden="true" />}
      rightSection={
        typed ? (
          <CloseButton size="sm" aria-label={t('inbox.clearSearch')} onClick={() => setTyped('')} />
        ) : null
      }
    />
  );
}
