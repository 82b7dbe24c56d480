import { CloseButton, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useShortcut } from '~/features/shortcuts/useShortcut';
import { IconSearch } from '~/ui/icons';
import { useSearchText } from '~/ui/useSearchText';
import classes from './SearchField.module.css';
import type { InboxSearch } from './search';

const PAUSE_MS = 180;

/** Searches by name and phone; what is typed goes into the address after a pause. */
export function SearchField({ value }: { value: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useSearchText(
    value,
    (q) =>
      void navigate({
        to: '.',
        search: (old: InboxSearch) => ({ ...old, q: q || undefined }),
        replace: true,
      }),
    PAUSE_MS,
  );
  useShortcut('search', () => field.current?.focus());
  return (
    <div className={classes.search}>
      <TextInput
        ref={field}
        type="search"
        aria-label={t('inbox.search')}
        placeholder={t('inbox.search')}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          if (typed) setTyped('');
          else field.current?.blur();
        }}
        leftSection={<IconSearch size={16} strokeWidth={1.75} aria-hidden="true" />}
        rightSection={
          typed ? (
            <CloseButton size="sm" aria-label={t('inbox.clearSearch')} onClick={() => setTyped('')} />
          ) : null
        }
        classNames={{ input: classes.input }}
      />
    </div>
  );
}
