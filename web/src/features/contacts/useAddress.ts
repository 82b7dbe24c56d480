import { useNavigate } from '@tanstack/react-router';
import type { ContactsSearch } from './search';

/**
 * Changes what the address of the contacts says, from what it says by then and not from what was last drawn:
 * of two changes in a row both hold. The question for a new contact goes with any change that does not ask it.
 */
export function useAddress() {
  const navigate = useNavigate();
  return (change: (now: ContactsSearch) => ContactsSearch, replace = true): void =>
    void navigate({
      to: '/contacts',
      search: ({ new: _, ...now }: ContactsSearch) => change(now),
      replace,
      resetScroll: false,
    });
}
