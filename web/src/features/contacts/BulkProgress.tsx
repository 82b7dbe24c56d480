import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { wordsFor } from '~/api/words';
import { useMay } from '~/features/settings/sections';
import { count } from '~/lib/format';
import { useNow } from '~/lib/now';
import { Dialog } from '~/ui/Dialog';
import { IconButton } from '~/ui/IconButton';
import { IconUndo, IconX } from '~/ui/icons';
import { Skeleton } from '~/ui/Skeleton';
import { ErrorState } from '~/ui/States';
import { toast } from '~/ui/toast';
import classes from './BulkBar.module.css';
import { actionOf, type Bulk, failuresQuery, isMoving, lastBulkQuery, undoBulk } from './bulk';

/** What ended longer ago is no news. */
const NEWS_MS = 10 * 60_000;
const dismissed = 'wigwag-bulk-dismissed';

/** How far the last thing is that was done to many, what came of it, and the way back. */
export function BulkProgress() {
  const { data: bulk } = useQuery(lastBulkQuery);
  const [gone, setGone] = useState(() => sessionStorage.getItem(dismissed));
  const now = useNow();
  const client = useQueryClient();
  const moving = isMoving(bulk ?? undefined);
  const ended = bulk && !moving ? `${bulk.id} ${bulk.undo?.state ?? bulk.state}` : '';
  useEffect(() => {
    if (ended) void client.invalidateQueries({ queryKey: ['audience'] });
    if (ended) void client.invalidateQueries({ queryKey: ['contact'] });
  }, [ended, client]);
  if (!bulk) return null;
  const old = bulk.ended_at !== null && now - Date.parse(bulk.ended_at) > NEWS_MS;
  if (!moving && (old || gone === bulk.id)) return null;
  return (
    <Strip
      key={bulk.id}
      bulk={bulk}
      onDismiss={() => {
        sessionStorage.setItem(dismissed, bulk.id);
        setGone(bulk.id);
      }}
    />
  );
}

function Strip({ bulk, onDismiss }: { bulk: Bulk; onDismiss: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay('contacts.write');
  const [asking, setAsking] = useState(false);
  const { type } = actionOf(bulk);
  const undo = useMutation({
    mutationFn: () => undoBulk(bulk.id),
    onSuccess: (next) => client.setQueryData(lastBulkQuery.queryKey, next),
    onError: (error) => toast(wordsFor(t, error), { tone: 'danger' }),
  });
  const back = bulk.undo;
  if (bulk.state === 'running' || back?.state === 'running') {
    const [seen, all] = back ? [back.seen, bulk.changed] : [bulk.seen, bulk.total];
    const words = t(back ? 'bulk.undoing' : `bulk.doing.${type}`);
    return (
      <div className={classes.strip} role="status">
        <span>{words}</span>
        <progress max={Math.max(1, all)} value={Math.min(seen, all)} aria-label={words} />
        <span className={classes.words}>{t('bulk.far', { done: count(seen), all: count(all) })}</span>
      </div>
    );
  }
  const words = (n: number) => ({ count: n, shown: count(n) });
  const said = back
    ? back.state === 'failed'
      ? t('bulk.undoFailed')
      : [t('bulk.undone', words(back.undone)), back.kept > 0 ? t('bulk.kept', words(back.kept)) : ''].join(
          ' ',
        )
    : bulk.state === 'failed'
      ? t('bulk.failed', words(bulk.changed))
      : [
          t(`bulk.done.${type}`, words(bulk.changed)),
          bulk.unchanged > 0 ? t('bulk.unchanged', words(bulk.unchanged)) : '',
        ].join(' ');
  const open = bulk.undo_until !== null && bulk.changed > 0 && (!back || back.state === 'failed');
  return (
    <div className={classes.strip} role="status">
      <span className={classes.words}>{said.trim()}</span>
      {!back && bulk.refused > 0 ? (
        <Button size="compact-sm" variant="subtle" onClick={() => setAsking(true)}>
          {t('bulk.refused', words(bulk.refused))}
        </Button>
      ) : null}
      {may && open ? (
        <Button
          size="compact-sm"
          variant="default"
          loading={undo.isPending}
          leftSection={<IconUndo size={14} strokeWidth={1.75} aria-hidden="true" />}
          onClick={() => undo.mutate()}
        >
          {t('bulk.undo')}
        </Button>
      ) : null}
      <IconButton
        label={t('bulk.dismiss')}
        tip={false}
        size={32}
        style={{ inlineSize: 32, blockSize: 32, marginInlineStart: 'auto' }}
        onClick={onDismiss}
      >
        <IconX size={16} strokeWidth={1.75} />
      </IconButton>
      {asking ? <Failures bulk={bulk} onClose={() => setAsking(false)} /> : null}
    </div>
  );
}

const reasons = ['too_many_tags', 'no_conversation', 'no_member', 'gone'] as const;

function Failures({ bulk, onClose }: { bulk: Bulk; onClose: () => void }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(failuresQuery(bulk.id));
  const more = bulk.refused - (data?.length ?? 0);
  return (
    <Dialog opened onClose={onClose} title={t('bulk.failuresTitle')}>
      {error ? <ErrorState error={error} retry={refetch} /> : null}
      {!data && !error ? <Skeleton width="70%" /> : null}
      <ul className={classes.failures}>
        {data?.map(({ contact_id: id, name, reason }) => (
          <li key={id}>
            <bdi>{name || t('contact.nameless')}</bdi>
            <span>{t(`bulk.why.${reasons.find((each) => each === reason) ?? 'gone'}`)}</span>
          </li>
        ))}
      </ul>
      {data && more > 0 ? <p className={classes.help}>{t('bulk.andMore', { shown: count(more) })}</p> : null}
    </Dialog>
  );
}
