import { Button } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '~/api/problem';
import { wordsFor } from '~/api/words';
import { countQuery, peopleQuery } from '~/features/audience/api';
import { rulesIn } from '~/features/audience/filters';
import { segmentsQuery } from '~/features/segments/api';
import { SegmentTabs } from '~/features/segments/SegmentTabs';
import { FormError } from '~/features/session/FormError';
import { useMay } from '~/features/settings/sections';
import { useShortcut } from '~/features/shortcuts/useShortcut';
import { count } from '~/lib/format';
import { FilterRow } from '~/ui/FilterRow';
import { Frame } from '~/ui/Frame';
import { IconDownload, IconFilter, IconPlus, IconUpload } from '~/ui/icons';
import { SearchBox } from '~/ui/SearchBox';
import { ErrorState } from '~/ui/States';
import { rowDoor } from '~/ui/Table';
import { toast } from '~/ui/toast';
import { BulkBar } from './BulkBar';
import { BulkProgress } from './BulkProgress';
import { downloadContacts } from './bulk';
import { ColumnsMenu } from './ColumnsMenu';
import classes from './ContactsPage.module.css';
import { ContactsTable } from './ContactsTable';
import { keepColumns, keptColumns } from './columns';
import { FilterBar } from './FilterBar';
import { NewContactDialog } from './NewContactDialog';
import { Nobody } from './Nobody';
import { OrderMenu } from './OrderMenu';
import { PersonSheet } from './PersonSheet';
import { isEmpty, nobody, type Selection } from './selection';
import { useAddress } from './useAddress';
import { askedFilter, viewOf } from './view';
import './texts';

const forbidden = new Problem({ status: 403, code: 'forbidden' });

/** Everybody the business knows: chosen by rules, saved as segments, one of them open at the side. */
export function ContactsPage() {
  const mayRead = useMay('contacts.read');
  return mayRead ? <Contacts /> : <ErrorState error={forbidden} retry={() => undefined} />;
}

const isNarrow = () => matchMedia('(max-width: 1180px)').matches;

const selectedDoor = () =>
  document.querySelector<HTMLElement>(`main tr[data-selected] .${CSS.escape(rowDoor)}`);

function Contacts() {
  const { t } = useTranslation();
  const go = useAddress();
  const { new: adding, ...search } = useSearch({ from: '/signed-in/contacts/' });
  const mayWrite = useMay('contacts.write');
  const [columns, setColumns] = useState(keptColumns);
  const [open, setOpen] = useState(false);
  const barId = useId();
  const field = useRef<HTMLInputElement>(null);
  const segments = useQuery(segmentsQuery);
  const view = viewOf(search, segments.data);
  // Whom a segment means is known when its filter is.
  const ready = !search.segment || segments.data !== undefined || segments.isError;
  const asked = askedFilter(search, view);
  const list = useInfiniteQuery({
    ...peopleQuery(asked, search.order ?? 'newest'),
    enabled: ready,
    placeholderData: (old) => old,
  });
  const counted = useQuery({ ...countQuery(ready ? asked : null), placeholderData: (old) => old });
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = list;
  const rows = data?.pages.flatMap((page) => page.data);
  const narrowed = Boolean(view.filter || search.q);
  // Whoever is ticked is ticked of this list; another begins without.
  const meant = JSON.stringify(asked);
  const [chosen, setChosen] = useState<{ of: string; selection: Selection }>({ of: '', selection: nobody });
  const selection = chosen.of === meant ? chosen.selection : nobody;
  const choose = (next: Selection) => setChosen({ of: meant, selection: next });
  const mayExport = useMay('contacts.export');
  const download = useMutation({
    mutationFn: () => downloadContacts(asked),
    onError: (failure) => toast(wordsFor(t, failure), { tone: 'danger' }),
  });
  const add = () => go((now) => ({ ...now, new: true }), false);
  const close = () => {
    // Back to the row, so that the next key goes on from there.
    if (!document.activeElement?.closest('table')) selectedDoor()?.focus({ preventScroll: true });
    go((now) => ({ ...now, person: undefined }));
  };
  const toggle = () => setOpen(!open);
  useShortcut('search', () => field.current?.focus());
  useShortcut('filter', () => {
    toggle();
    // The first rule is at hand; after it was drawn.
    if (!open) requestAnimationFrame(() => document.getElementById(barId)?.querySelector('select')?.focus());
  });
  useShortcut('newContact', add, mayWrite);
  useShortcut('back', close, search.person !== undefined);
  useShortcut('back', () => choose(nobody), search.person === undefined && !isEmpty(selection));
  const opened = rows?.find(({ id }) => id === search.person);
  const rules = rulesIn(view.filter);
  const refused = error instanceof Problem && error.code === 'invalid';
  return (
    <div className={classes.layout} data-sheet={search.person ? '' : undefined}>
      <Frame
        title={t('contacts.title')}
        wide
        lead={
          <span
            role="status"
            aria-label={t('audience.countName')}
            className={classes.count}
            data-old={counted.isPlaceholderData || undefined}
          >
            {counted.data
              ? t('contacts.count', { count: counted.data.count, shown: count(counted.data.count) })
              : ' '}
          </span>
        }
        action={
          mayWrite ? (
            <>
              <Button
                component={Link}
                to="/contacts/import"
                variant="default"
                leftSection={<IconUpload size={16} strokeWidth={1.75} />}
              >
                {t('contacts.import')}
              </Button>
              <Button leftSection={<IconPlus size={16} strokeWidth={2} />} onClick={add}>
                {t('contacts.add')}
              </Button>
            </>
          ) : null
        }
      >
        <SegmentTabs
          segments={segments.data ?? []}
          chosen={view.segment}
          all={!search.segment && !narrowed}
          mayWrite={mayWrite}
        />
        <FilterRow>
          <SearchBox
            ref={field}
            label={t('contacts.search')}
            value={search.q ?? ''}
            onSearch={(q) => go((now) => ({ ...now, q: q || undefined }))}
          />
          <button
            type="button"
            className={classes.tool}
            data-on={rules > 0 || undefined}
            aria-expanded={open}
            aria-controls={barId}
            onClick={toggle}
          >
            <IconFilter size={16} strokeWidth={1.75} aria-hidden="true" />
            {t('contacts.filter')}
            {rules > 0 ? <strong>{count(rules)}</strong> : null}
          </button>
          <span className={classes.end}>
            {mayExport && rows?.length ? (
              <button
                type="button"
                className={classes.tool}
                disabled={download.isPending}
                title={t('contacts.exportName')}
                onClick={() => download.mutate()}
              >
                <IconDownload size={16} strokeWidth={1.75} aria-hidden="true" />
                {t(download.isPending ? 'contacts.exporting' : 'contacts.export')}
              </button>
            ) : null}
            <OrderMenu
              order={search.order ?? 'newest'}
              onChange={(order) => go((now) => ({ ...now, order: order === 'newest' ? undefined : order }))}
            />
            <span className={classes.wideOnly}>
              <ColumnsMenu
                columns={columns}
                onChange={(next) => {
                  setColumns(next);
                  keepColumns(next);
                }}
              />
            </span>
          </span>
        </FilterRow>
        {view.gone ? <FormError>{t(`contacts.gone.${view.gone}`)}</FormError> : null}
        <FilterBar
          key={search.segment ?? ''}
          id={barId}
          search={search}
          view={view}
          open={open}
          mayWrite={mayWrite}
          onOpen={() => setOpen(true)}
        />
        <BulkProgress />
        {refused ? <FormError>{t('audience.wrong')}</FormError> : null}
        {error && !data && !refused ? <ErrorState error={error} retry={refetch} /> : null}
        {rows?.length === 0 ? (
          <Nobody
            narrowed={narrowed}
            mayWrite={mayWrite}
            onAdd={add}
            onLoosen={view.filter && !open ? () => setOpen(true) : undefined}
          />
        ) : null}
        {(isPending && !error) || rows?.length ? (
          <ContactsTable
            contacts={rows}
            columns={columns}
            search={search}
            selection={mayWrite ? selection : undefined}
            onSelection={choose}
          />
        ) : null}
        {hasNextPage ? (
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('contacts.more')}
          </Button>
        ) : null}
        {isEmpty(selection) ? null : (
          <BulkBar
            selection={selection}
            filter={asked}
            all={counted.data?.count}
            onSelection={choose}
            onClear={() => choose(nobody)}
          />
        )}
      </Frame>
      {search.person ? (
        <>
          <button
            type="button"
            className={classes.scrim}
            tabIndex={-1}
            aria-label={t('panel.fold')}
            onClick={close}
          />
          <PersonSheet
            key={search.person}
            contactId={search.person}
            face={opened}
            filter={view.filter}
            name={view.changed ? undefined : view.segment?.name}
            over={isNarrow()}
            onClose={close}
          />
        </>
      ) : null}
      <NewContactDialog
        opened={mayWrite && adding === true}
        onClose={() => go((now) => now)}
        onPerson={(person, known) => {
          toast(t(known ? 'contacts.knownAlready' : 'contacts.added'));
          go((now) => ({ ...now, person }));
        }}
      />
    </div>
  );
}
