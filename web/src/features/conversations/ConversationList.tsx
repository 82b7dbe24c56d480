import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '~/api/contract';
import { overlays } from '~/features/shell/overlays';
import { IconInbox, IconSearch } from '~/ui/icons';
import { EmptyState, ErrorState } from '~/ui/States';
import { listQuery, readMore } from './api';
import classes from './ConversationList.module.css';
import { ConversationRow, ROW_HEIGHT, RowSkeletons } from './ConversationRow';
import { ListHeader } from './ListHeader';
import type { Filters } from './search';
import { useListKeys } from './useListKeys';

const none: Conversation[] = [];

export function ConversationList({
  filters,
  selectedId,
}: {
  filters: Filters;
  selectedId: string | undefined;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data, error, isPending, refetch } = useQuery({
    ...listQuery(filters),
    // While somebody types into the search, the old hits stay until the new ones are here.
    placeholderData: (old, query) =>
      (query?.queryKey[1] as Filters | undefined)?.status === filters.status ? old : undefined,
  });
  const rows = data?.data ?? none;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const more = data?.next_cursor;
  useEffect(() => {
    if (more && last >= rows.length - 12) readMore(client, filters).catch(() => undefined);
  }, [client, filters, last, more, rows.length]);
  const cursor = useListKeys(rows, selectedId, (index) => virtual.scrollToIndex(index));

  return (
    <section className={classes.list} aria-label={t('inbox.conversations')}>
      <ListHeader filters={filters} />
      <div className={classes.scroller} ref={scroller}>
        {isPending ? <RowSkeletons /> : null}
        {error && !data ? <ErrorState error={error} retry={refetch} /> : null}
        {data && rows.length === 0 ? <NoRows filters={filters} /> : null}
        {rows.length > 0 ? (
          <ul style={{ blockSize: virtual.getTotalSize(), position: 'relative' }}>
            {items.map((item) => {
              const conversation = rows[item.index];
              if (!conversation) return null;
              return (
                <li
                  key={conversation.id}
                  className={classes.item}
                  aria-setsize={more ? -1 : rows.length}
                  aria-posinset={item.index + 1}
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  <ConversationRow
                    conversation={conversation}
                    selected={conversation.id === selectedId}
                    pointed={conversation.id === cursor}
                  />
                </li>
              );
            })}
          </ul>
        ) : null}
      </div>
    </section>
  );
}

function NoRows({ filters }: { filters: Filters }) {
  const { t } = useTranslation();
  const newChat = (
    <Button variant="default" onClick={() => overlays.open('newChat')}>
      {t('inbox.newChat')}
    </Button>
  );
  if (filters.q)
    return (
      <EmptyState
        icon={<IconSearch size={22} />}
        title={t('inbox.noHits', { q: filters.q })}
        action={newChat}
      >
        {t('inbox.noHitsText')}
      </EmptyState>
    );
  if (filters.status !== 'open')
    return (
      <EmptyState icon={<IconInbox size={22} />} title={t(`inbox.none.${filters.status}`)}>
        {t(`inbox.noneText.${filters.status}`)}
      </EmptyState>
    );
  return (
    <EmptyState icon={<IconInbox size={22} />} title={t(`inbox.none.${filters.view}`)} action={newChat}>
      {t(`inbox.noneText.${filters.view}`)}
    </EmptyState>
  );
}
