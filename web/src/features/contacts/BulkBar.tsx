import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { wordsFor } from '~/api/words';
import type { Filter } from '~/features/audience/contract';
import { membersQuery } from '~/features/session/api';
import { FormError } from '~/features/session/FormError';
import { useMay } from '~/features/settings/sections';
import { count } from '~/lib/format';
import { Dialog } from '~/ui/Dialog';
import { IconButton } from '~/ui/IconButton';
import { IconDots, IconX } from '~/ui/icons';
import { Menu, MenuItem, MenuLine } from '~/ui/Menu';
import { Select } from '~/ui/Select';
import classes from './BulkBar.module.css';
import { type Action, lastBulkQuery, startBulk, type Who } from './bulk';
import type { Selection } from './selection';
import { Tags } from './Tags';

interface Props {
  selection: Selection;
  /** Everybody whom the list means, and how many that are. */
  filter: Filter;
  all: number | undefined;
  onSelection: (next: Selection) => void;
  onClear: () => void;
}

type Asking = 'add_tags' | 'remove_tags' | 'assign' | 'block' | 'unblock' | 'erase';

/** What can be done to those who are ticked. */
export function BulkBar({ selection, filter, all, onSelection, onClear }: Props) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState<Asking | null>(null);
  const mayAssign = useMay('conversations.write');
  const mayErase = useMay('contacts.erase');
  const people = selection.everybody ? (all ?? 0) : selection.ids.size;
  const who: Who = selection.everybody ? { filter } : { contact_ids: [...selection.ids] };
  const shown = count(people);
  return (
    <>
      <section className={classes.bar} aria-label={t('bulk.barName')}>
        <span className={classes.count} role="status">
          {t('bulk.selected', { count: people, shown })}
        </span>
        {!selection.everybody && all !== undefined && all > selection.ids.size ? (
          <button
            type="button"
            className={classes.link}
            onClick={() => onSelection({ ids: new Set(), everybody: true })}
          >
            {t('bulk.selectAll', { count: all, shown: count(all) })}
          </button>
        ) : null}
        <span className={classes.actions}>
          <Button size="xs" onClick={() => setAsking('add_tags')}>
            {t('bulk.addTags')}
          </Button>
          <Menu
            label={t('bulk.more')}
            width={220}
            placement={{ side: 'above', align: 'end' }}
            button={(button) => (
              <IconButton label={t('bulk.more')} size={32} {...button}>
                <IconDots size={18} strokeWidth={1.75} />
              </IconButton>
            )}
          >
            <MenuItem onSelect={() => setAsking('remove_tags')}>{t('bulk.removeTags')}</MenuItem>
            {mayAssign ? <MenuItem onSelect={() => setAsking('assign')}>{t('bulk.assign')}</MenuItem> : null}
            <MenuItem onSelect={() => setAsking('block')}>{t('bulk.block')}</MenuItem>
            <MenuItem onSelect={() => setAsking('unblock')}>{t('bulk.unblock')}</MenuItem>
            {mayErase ? (
              <>
                <MenuLine />
                <MenuItem danger onSelect={() => setAsking('erase')}>
                  {t('bulk.erase')}
                </MenuItem>
              </>
            ) : null}
          </Menu>
          <IconButton label={t('bulk.clear')} size={32} onClick={onClear}>
            <IconX size={18} strokeWidth={1.75} />
          </IconButton>
        </span>
      </section>
      {asking ? (
        <AskDialog
          asking={asking}
          people={people}
          who={who}
          onClose={() => setAsking(null)}
          onBegun={() => {
            setAsking(null);
            onClear();
          }}
        />
      ) : null}
    </>
  );
}

interface AskProps {
  asking: Asking;
  people: number;
  who: Who;
  onClose: () => void;
  onBegun: () => void;
}

/** What exactly is to be done, said before it begins. */
export function AskDialog({ asking, people, who, onClose, onBegun }: AskProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [tags, setTags] = useState<string[]>([]);
  const [member, setMember] = useState('');
  const members = useQuery({ ...membersQuery, enabled: asking === 'assign' });
  const begin = useMutation({
    mutationFn: (action: Action) => startBulk(action, who),
    onSuccess: (begun) => {
      client.setQueryData(lastBulkQuery.queryKey, begun);
      onBegun();
    },
  });
  const tagging = asking === 'add_tags' || asking === 'remove_tags';
  const action: Action = tagging
    ? { type: asking, tags }
    : asking === 'assign'
      ? { type: asking, member_id: member || null }
      : { type: asking };
  const words = { count: people, shown: count(people) };
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t(`bulk.ask.${asking}`, words)}
      lead={asking === 'erase' ? t('bulk.eraseLead') : asking === 'block' ? t('bulk.blockLead') : undefined}
      actions={
        <>
          <Button variant="default" data-autofocus={tagging ? undefined : true} onClick={onClose}>
            {t('actions.cancel')}
          </Button>
          <Button
            color={asking === 'erase' ? 'red' : undefined}
            loading={begin.isPending}
            disabled={tagging && tags.length === 0}
            onClick={() => begin.mutate(action)}
          >
            {t(`bulk.do.${asking}`, words)}
          </Button>
        </>
      }
    >
      {tagging ? (
        <div className={classes.field}>
          <p className={classes.help}>{t('bulk.tagsHelp')}</p>
          <Tags
            tags={tags}
            begin
            onChange={(next) => {
              setTags(next);
              return Promise.resolve(true);
            }}
          />
        </div>
      ) : null}
      {asking === 'assign' ? (
        <Select
          label={t('bulk.member')}
          value={member}
          onChange={setMember}
          choices={[
            { value: '', text: t('bulk.nobody') },
            ...(members.data ?? []).map(({ id, name }) => ({ value: id, text: name })),
          ]}
        />
      ) : null}
      {begin.isError ? <FormError>{wordsFor(t, begin.error)}</FormError> : null}
    </Dialog>
  );
}
