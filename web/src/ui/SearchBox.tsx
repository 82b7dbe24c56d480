import { CloseButton, TextInput } from '@mantine/core';
import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { IconSearch } from './icons';
import classes from './SearchBox.module.css';
import { useSearchText } from './useSearchText';

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
  const [typed, setTyped] = useSearchText(value, onSearch, PAUSE_MS);
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
