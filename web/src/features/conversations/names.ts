import type { TFunction } from 'i18next';
import type { Conversation } from '~/api/contract';

/** What a contact is called: the name, else the phone, else words; never an id. */
export function contactName(
  contact: Pick<Conversation['contact'], 'name' | 'phone'>,
  t: TFunction<'texts'>,
): string {
  return contact.name?.trim() || contact.phone || t('contact.nameless');
}
