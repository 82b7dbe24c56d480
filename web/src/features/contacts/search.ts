/** What the address of the contacts says. The filter stays a text here; `audience/address.ts` reads it. */
export interface ContactsSearch {
  /** Part of a name, a phone number or an address. */
  q?: string;
  /** The JSON of a filter. */
  filter?: string;
  /** The id of a saved segment; with `filter`, what is made of it and not saved. */
  segment?: string;
  order?: 'oldest' | 'name';
  /** The id of the contact that is open at the side. */
  person?: string;
  /** Whether a new contact is being entered. */
  new?: true;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() ? value : undefined;

const id = (value: unknown, kind: string): string | undefined =>
  typeof value === 'string' && new RegExp(`^${kind}_[a-z0-9]{1,60}$`).test(value) ? value : undefined;

export function contactsSearch(search: Record<string, unknown>): ContactsSearch {
  const { q, filter, order } = search;
  const read: ContactsSearch = {
    q: text(q),
    filter: text(filter),
    segment: id(search.segment, 'segment'),
    order: order === 'oldest' || order === 'name' ? order : undefined,
    person: id(search.person, 'contact'),
    // An address holds texts only.
    new: String(search.new) === 'true' ? true : undefined,
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}
