import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { IconContact, IconFilter, IconSearch, IconUpload } from '~/ui/icons';
import { EmptyState } from '~/ui/States';
import classes from './Nobody.module.css';

interface Props {
  /** There may be contacts, but none that is asked for. */
  narrowed: boolean;
  mayWrite: boolean;
  onAdd: () => void;
  /** Opens the rules, where there are some and they are not open. */
  onLoosen?: () => void;
}

/** Nobody is listed: what to do about it. */
export function Nobody({ narrowed, mayWrite, onAdd, onLoosen }: Props) {
  const { t } = useTranslation();
  if (narrowed)
    return (
      <EmptyState
        icon={<IconSearch size={22} strokeWidth={1.75} />}
        title={t('contacts.noHits')}
        action={
          <span className={classes.actions}>
            {onLoosen ? (
              <Button leftSection={<IconFilter size={16} strokeWidth={1.75} />} onClick={onLoosen}>
                {t('contacts.loosen')}
              </Button>
            ) : null}
            <Button component={Link} to="/contacts" variant="default">
              {t('contacts.showAll')}
            </Button>
          </span>
        }
      >
        {t('contacts.noHitsText')}
      </EmptyState>
    );
  return (
    <EmptyState
      icon={<IconContact size={22} strokeWidth={1.75} />}
      title={t('contacts.none')}
      action={
        mayWrite ? (
          <span className={classes.actions}>
            <Button
              component={Link}
              to="/contacts/import"
              leftSection={<IconUpload size={16} strokeWidth={1.75} />}
            >
              {t('contacts.import')}
            </Button>
            <Button variant="default" onClick={onAdd}>
              {t('contacts.add')}
            </Button>
          </span>
        ) : null
      }
    >
      {t('contacts.noneText')}
    </EmptyState>
  );
}
