import { TextInput } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '~/ui/Avatar';
import { Dialog } from '~/ui/Dialog';
import { IconSearch } from '~/ui/icons';
import { contactSearchQuery } from './api';
import classes from './PersonPicker.module.css';

interface Props {
  opened: boolean;
  onClose: () => void;
  onPerson: (id: string) => void;
}

/** Finds somebody by name or number, to see why a filter finds them or why not. */
export function PersonPicker({ opened, onClose, onPerson }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog opened={opened} onClose={onClose} title={t('contacts.check')} lead={t('contacts.checkLead')}>
      <Search onPerson={onPerson} />
    </Dialog>
  );
}

function Search({ onPerson }: Pick<Props, 'onPerson'>) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const q = useDeferredValue(typed.trim());
  const { data, isFetching } = useQuery({ ...contactSearchQuery(q), placeholderData: keepPreviousData });
  return (
    <>
      <TextInput
        type="search"
        data-autofocus
        aria-label={t('contacts.search')}
        placeholder={t('contacts.search')}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        leftSection={<IconSearch size={16} strokeWidth={1.75} aria-hidden="true" />}
      />
      <ul className={classes.people} aria-label={t('newChat.people')} aria-busy={isFetching}>
        {data?.map((each) => {
          const name = each.name || each.profile_name || each.username;
          return (
            <li key={each.id}>
              <button type="button" className={classes.person} onClick={() => onPerson(each.id)}>
                <Avatar initials={each.initials} color={each.color} size={32} />
                <span className={classes.names}>
                  <bdi>{name || each.phone || t('contact.nameless')}</bdi>
                  {name && each.phone ? <bdi dir="ltr">{each.phone}</bdi> : null}
                </span>
              </button>
            </li>
          );
        })}
        {data?.length === 0 ? <li className={classes.nobody}>{t('contacts.nobodyNamed')}</li> : null}
      </ul>
    </>
  );
}
