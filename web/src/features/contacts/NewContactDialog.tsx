import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '~/api/problem';
import { wordsFor } from '~/api/words';
import { FormError } from '~/features/session/FormError';
import { Dialog, DialogActions } from '~/ui/Dialog';
import { contactQuery, createContact } from './api';
import { refreshPeople } from './live';

interface Props {
  opened: boolean;
  onClose: () => void;
  /** Somebody new, or who had this number already. */
  onPerson: (id: string, known: boolean) => void;
}

/** Asks for the number of somebody new, and what else is known. */
export function NewContactDialog({ opened, onClose, onPerson }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog opened={opened} onClose={onClose} title={t('contacts.add')} lead={t('contacts.addLead')}>
      <ContactForm onClose={onClose} onPerson={onPerson} />
    </Dialog>
  );
}

function ContactForm({ onClose, onPerson }: Omit<Props, 'opened'>) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [phone, setPhone] = useState('');
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [asked, setAsked] = useState(false);
  const make = useMutation({
    mutationFn: () =>
      createContact({ phone: phone.trim(), name: name.trim() || null, email: email.trim() || null }),
    onSuccess: (contact) => {
      client.setQueryData(contactQuery(contact.id).queryKey, contact);
      refreshPeople(client);
      onPerson(contact.id, false);
    },
    onError: (error) => {
      const known = error instanceof Problem ? error.body.params?.contact_id : undefined;
      if (typeof known === 'string') onPerson(known, true);
    },
  });
  const refused = make.error instanceof Problem ? make.error : undefined;
  const ofField = refused?.field('phone') || refused?.field('email');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (phone.trim()) make.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      {make.isError && !ofField ? <FormError>{wordsFor(t, make.error)}</FormError> : null}
      <TextInput
        label={t('contacts.phone')}
        description={t('contacts.phoneHelp')}
        type="tel"
        inputMode="tel"
        autoComplete="off"
        data-autofocus
        value={phone}
        maxLength={40}
        error={
          asked && !phone.trim()
            ? t('contacts.phoneMissing')
            : refused?.field('phone')
              ? t('newChat.wrongPhone')
              : undefined
        }
        onChange={(event) => setPhone(event.currentTarget.value)}
      />
      <TextInput
        mt="md"
        label={t('contacts.name')}
        autoComplete="off"
        value={name}
        maxLength={200}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        mt="md"
        label={t('contacts.email')}
        type="email"
        autoComplete="off"
        value={email}
        maxLength={254}
        error={refused?.field('email') ? t('contacts.emailWrong') : undefined}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <DialogActions>
        <Button variant="default" onClick={onClose}>
          {t('actions.cancel')}
        </Button>
        <Button type="submit" loading={make.isPending}>
          {t('contacts.add')}
        </Button>
      </DialogActions>
    </form>
  );
}
