import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Contact } from '~/api/contract';
import { wordsFor } from '~/api/words';
import { FormError } from '~/features/session/FormError';
import { Avatar } from '~/ui/Avatar';
import { Dialog } from '~/ui/Dialog';
import { SearchBox } from '~/ui/SearchBox';
import { Skeleton } from '~/ui/Skeleton';
import { toast } from '~/ui/toast';
import { contactSearchQuery } from './api';
import { Consents } from './ContactPanel';
import classes from './MergeDialog.module.css';
import { duplicatesQuery, mergeContacts, mergePreviewQuery } from './merge';

interface Props {
  contact: Contact;
  onClose: () => void;
}

const nameOf = (contact: Contact) =>
  contact.name || contact.profile_name || contact.username || contact.phone || '';

/** “Merge with…”: whom, what would come of it, and then the merge. */
export function MergeDialog({ contact, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [q, setQ] = useState('');
  const [other, setOther] = useState<Contact | null>(null);
  const likely = useQuery(duplicatesQuery(contact.id));
  const found = useQuery({ ...contactSearchQuery(q), enabled: q.trim() !== '' });
  const merge = useMutation({
    mutationFn: (from: string) => mergeContacts(contact.id, from),
    onSuccess: (made) => {
      client.setQueryData(['contact', contact.id], made);
      void client.invalidateQueries({ queryKey: ['audience'] });
      toast(t('merge.done'));
      onClose();
    },
  });
  const others = (people: Contact[] | undefined) => people?.filter(({ id }) => id !== contact.id) ?? [];
  if (other)
    return (
      <Dialog
        opened
        onClose={onClose}
        title={t('merge.askTitle', { name: nameOf(other) })}
        lead={t('merge.askLead', { name: nameOf(contact) })}
        actions={
          <>
            <Button variant="default" data-autofocus onClick={() => setOther(null)}>
              {t('merge.back')}
            </Button>
            <Button color="red" loading={merge.isPending} onClick={() => merge.mutate(other.id)}>
              {t('merge.do')}
            </Button>
          </>
        }
      >
        <Result contactId={contact.id} from={other.id} />
        {merge.isError ? <FormError>{wordsFor(t, merge.error)}</FormError> : null}
      </Dialog>
    );
  return (
    <Dialog opened onClose={onClose} title={t('merge.title')} lead={t('merge.lead')}>
      <SearchBox label={t('merge.search')} value={q} onSearch={setQ} />
      {q.trim() === '' ? (
        <People
          title={t('merge.likely')}
          none={t('merge.nobodyLikely')}
          pending={likely.isPending}
          people={likely.data?.map((each) => ({
            person: each.contact,
            why: t(`merge.why.${each.reason === 'email' ? 'email' : 'phone'}`),
          }))}
          onChoose={setOther}
        />
      ) : (
        <People
          title={t('merge.found')}
          none={t('contacts.nobodyNamed')}
          pending={found.isPending}
          people={
            found.data ? others(found.data).map((person) => ({ person, why: person.phone })) : undefined
          }
          onChoose={setOther}
        />
      )}
    </Dialog>
  );
}

interface PeopleProps {
  title: string;
  none: string;
  pending: boolean;
  people: { person: Contact; why: string | null }[] | undefined;
  onChoose: (person: Contact) => void;
}

function People({ title, none, pending, people, onChoose }: PeopleProps) {
  return (
    <section className={classes.people} aria-label={title}>
      <h3 className={classes.heading}>{title}</h3>
      {pending ? <Skeleton width="60%" /> : null}
      {people?.length === 0 ? <p className={classes.none}>{none}</p> : null}
      {people?.map(({ person, why }) => (
        <button key={person.id} type="button" className={classes.person} onClick={() => onChoose(person)}>
          <Avatar initials={person.initials} color={person.color} size={32} />
          <span>
            <bdi className={classes.name}>{nameOf(person)}</bdi>
            <span className={classes.why}>{why}</span>
          </span>
        </button>
      ))}
    </section>
  );
}

/** What both would be. */
function Result({ contactId, from }: { contactId: string; from: string }) {
  const { t } = useTranslation();
  const { data, error } = useQuery(mergePreviewQuery(contactId, from));
  if (error) return <FormError>{wordsFor(t, error)}</FormError>;
  if (!data) return <Skeleton width="70%" />;
  const { contact } = data;
  const lines: [string, string][] = [
    [t('contacts.name'), nameOf(contact)],
    [t('contacts.phone'), contact.phone ?? '–'],
    [t('contacts.email'), contact.email ?? '–'],
    [t('contacts.columns.tags'), contact.tags.join(', ') || '–'],
    [t('merge.chats'), t('merge.chatsCount', { count: data.conversations })],
  ];
  return (
    <>
      <dl className={classes.result}>
        {lines.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      <Consents contact={contact} />
      {data.joined > 0 ? <p className={classes.none}>{t('merge.joined')}</p> : null}
      {contact.blocked ? <p className={classes.none}>{t('merge.blocked')}</p> : null}
    </>
  );
}
