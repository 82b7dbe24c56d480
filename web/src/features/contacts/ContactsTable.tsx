import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Contact } from '~/api/contract';
import { traitsQuery } from '~/features/audience/api';
import { contactSourceWords, countryName, fieldWords, traitWords } from '~/features/audience/words';
import { useRowKeys } from '~/features/shortcuts/useRowKeys';
import { Avatar, colorOf } from '~/ui/Avatar';
import { narrowOnly, Row, rowDoor, SkeletonRows, Table, Td, Th } from '~/ui/Table';
import { When } from '~/ui/When';
import classes from './ContactsTable.module.css';
import type { Column } from './columns';
import { givenWords } from './given';
import type { ContactsSearch } from './search';
import { allTicked, isTicked, type Selection, type Ticks, ticked, ticksOf } from './selection';

const SHOWN_TAGS = 3;

interface Props {
  /** Undefined while they are on their way. */
  contacts: Contact[] | undefined;
  columns: Column[];
  search: ContactsSearch;
  /** Who is ticked; without it nobody can be. */
  selection?: Selection;
  onSelection?: (next: Selection) => void;
}

/** What a column is called. */
export function useColumnWords(): (column: Column) => string {
  const { t } = useTranslation();
  const { data: traits } = useQuery(traitsQuery);
  return (column) => {
    if (column === 'tags') return t('contacts.columns.tags');
    if (column === 'last_seen_at') return t('contacts.columns.last_seen_at');
    if (column === 'created_at') return t('contacts.columns.created_at');
    return column.startsWith('trait:')
      ? traitWords(traits ?? [], column.slice('trait:'.length))
      : fieldWords(t, column as 'country' | 'source' | 'email');
  };
}

/** Where the page is narrow the later columns go first. */
const wideOf = (index: number) => (index > 2 ? 'most' : true);

/** The contacts as lines; before they are here, as the room that they take. */
export function ContactsTable({ contacts, columns, search, selection, onSelection }: Props) {
  const { t } = useTranslation();
  const shown = contacts?.map(({ id }) => id) ?? [];
  const words = useColumnWords();
  useRowKeys();
  return (
    <Table
      label={t('contacts.title')}
      fixed
      head={
        <>
          <Th>
            <span className={classes.headed}>
              {selection ? (
                <Tick
                  label={t('bulk.tickAll')}
                  ticks={ticksOf(selection, shown)}
                  onChange={() => onSelection?.(allTicked(selection, shown))}
                />
              ) : null}
              {t('contacts.person')}
            </span>
          </Th>
          {columns.map((column, index) => (
            <Th key={column} wide={wideOf(index)}>
              {words(column)}
            </Th>
          ))}
        </>
      }
    >
      {contacts ? null : <SkeletonRows columns={columns.length + 1} rows={6} />}
      {contacts?.map((contact) => (
        <ContactRow
          key={contact.id}
          contact={contact}
          columns={columns}
          search={search}
          ticks={selection ? (isTicked(selection, contact.id) ? 'all' : 'none') : undefined}
          onTick={() => selection && onSelection?.(ticked(selection, contact.id, shown))}
        />
      ))}
    </Table>
  );
}

interface TickProps {
  label: string;
  ticks: Ticks;
  onChange: () => void;
}

/** A box above the door of its row. */
function Tick({ label, ticks, onChange }: TickProps) {
  return (
    <input
      type="checkbox"
      className={classes.tick}
      aria-label={label}
      checked={ticks === 'all'}
      ref={(box) => {
        if (box) box.indeterminate = ticks === 'some';
      }}
      onChange={onChange}
    />
  );
}

interface RowProps extends Pick<Props, 'columns' | 'search'> {
  contact: Contact;
  ticks: Ticks | undefined;
  onTick: () => void;
}

function ContactRow({ contact, columns, search, ticks, onTick }: RowProps) {
  const { t } = useTranslation();
  const { id, initials, color, phone } = contact;
  const name = contact.name || contact.profile_name || contact.username;
  return (
    <Row selected={id === search.person}>
      <Td>
        <span className={classes.who}>
          {ticks ? (
            <Tick
              label={t('bulk.tick', { name: name || phone || t('contact.nameless') })}
              ticks={ticks}
              onChange={onTick}
            />
          ) : null}
          <Avatar initials={initials} color={color} size={32} />
          <span className={classes.names}>
            <Link
              to="/contacts"
              search={{ ...search, person: id }}
              className={`${rowDoor} ${classes.name}`}
              resetScroll={false}
              preload={false}
            >
              <bdi>{name || phone || t('contact.nameless')}</bdi>
            </Link>
            {name && phone ? (
              <bdi className={classes.phone} dir="ltr">
                {phone}
              </bdi>
            ) : null}
            <span className={narrowOnly}>
              {contact.last_seen_at ? <When at={contact.last_seen_at} /> : t('contacts.neverWrote')}
            </span>
          </span>
        </span>
      </Td>
      {columns.map((column, index) => (
        <Td key={column} wide={wideOf(index)}>
          {cell(t, contact, column)}
        </Td>
      ))}
    </Row>
  );
}

const none = <span className={classes.none}>–</span>;

function cell(t: TFunction<'texts'>, contact: Contact, column: Column): ReactNode {
  switch (column) {
    case 'tags':
      return contact.tags.length > 0 ? <TagCell tags={contact.tags} /> : none;
    case 'country':
      return contact.country ? countryName(contact.country) : none;
    case 'source':
      return contactSourceWords(t, contact.source);
    case 'email':
      return contact.email ?? none;
    case 'last_seen_at':
      return contact.last_seen_at ? <When at={contact.last_seen_at} /> : none;
    case 'created_at':
      return <When at={contact.created_at} />;
    default: {
      const words = givenWords(t, contact.traits[column.slice('trait:'.length)]);
      return words === null ? none : <bdi>{words}</bdi>;
    }
  }
}

function TagCell({ tags }: { tags: string[] }) {
  const { t } = useTranslation();
  const more = tags.length - SHOWN_TAGS;
  return (
    <span className={classes.tags}>
      {tags.slice(0, SHOWN_TAGS).map((tag) => (
        <span
          key={tag}
          className={classes.tag}
          style={{ background: `var(--avatar-${colorOf(tag)})`, color: `var(--avatar-${colorOf(tag)}-ink)` }}
        >
          <bdi>{tag}</bdi>
        </span>
      ))}
      {more > 0 ? <span className={classes.more}>{t('contacts.moreTags', { count: more })}</span> : null}
    </span>
  );
}
