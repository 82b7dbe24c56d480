import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Contact } from '~/api/contract';
import { Problem } from '~/api/problem';
import { wordsFor } from '~/api/words';
import { toast } from '~/ui/toast';
import { type ContactEdit, contactQuery, editContact } from './api';

/** Saves a change of a contact; somebody else's change in between is read and said, never written over. */
export function useContactEdit(contact: Contact): (edit: Omit<ContactEdit, 'version'>) => Promise<boolean> {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { queryKey } = contactQuery(contact.id);
  return async (edit) => {
    try {
      client.setQueryData(queryKey, await editContact(contact.id, { ...edit, version: contact.version }));
      return true;
    } catch (error) {
      const field = error instanceof Problem && error.code === 'invalid';
      toast(field ? t('panel.invalid') : wordsFor(t, error), { tone: 'danger' });
      if (error instanceof Problem && error.code === 'stale') void client.invalidateQueries({ queryKey });
      return false;
    }
  };
}
