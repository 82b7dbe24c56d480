import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '~/ui/IconButton';
import { IconChevronDown, IconDots, IconEdit, IconTrash } from '~/ui/icons';
import { Menu, MenuItem } from '~/ui/Menu';
import type { Segment } from './api';
import { DeleteDialog } from './DeleteDialog';
import { NameDialog } from './NameDialog';
import classes from './SegmentTabs.module.css';
import { useSegmentEdits } from './useSegmentEdits';

/** So many stand side by side; the others are in a menu. */
const SIDE_BY_SIDE = 5;

/** A door is open at its own address only: that of everybody is a part of every other. */
const exactly = { exact: true } as const;

interface Props {
  segments: Segment[];
  /** The one that is looked at. */
  chosen: Segment | undefined;
  /** Nothing is chosen and nothing filtered. */
  all: boolean;
  mayWrite: boolean;
}

/** Everybody and the saved segments, each a door; what is looked at can be renamed and deleted. */
export function SegmentTabs({ segments, chosen, all, mayWrite }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { rename } = useSegmentEdits();
  const [renaming, setRenaming] = useState(false);
  const [deleting, setDeleting] = useState<Segment | null>(null);
  const row = useRef<HTMLElement>(null);
  const at = chosen?.id;
  // The row scrolls where it has no room; what is looked at stays in sight.
  useEffect(() => {
    if (at)
      row.current
        ?.querySelector('[aria-current="page"]')
        ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [at]);
  const first = segments.slice(0, SIDE_BY_SIDE);
  const beside = chosen && !first.includes(chosen) ? [...first, chosen] : first;
  const others = segments.filter((each) => !beside.includes(each));
  return (
    <nav ref={row} className={classes.tabs} aria-label={t('segments.title')}>
      <Link
        to="/contacts"
        search={{}}
        activeOptions={exactly}
        className={classes.tab}
        aria-current={all ? 'page' : undefined}
      >
        {t('segments.everyone')}
      </Link>
      {beside.map((segment) => (
        <span key={segment.id} className={classes.place}>
          <Link
            to="/contacts"
            search={{ segment: segment.id }}
            activeOptions={exactly}
            className={classes.tab}
            aria-current={segment.id === chosen?.id ? 'page' : undefined}
          >
            <bdi>{segment.name}</bdi>
          </Link>
          {segment.id === chosen?.id && mayWrite ? (
            <Menu
              label={t('segments.actionsOf', { name: segment.name })}
              width={180}
              button={(button) => (
                <IconButton label={t('segments.actionsOf', { name: segment.name })} size={28} {...button}>
                  <IconDots size={16} strokeWidth={1.75} aria-hidden="true" />
                </IconButton>
              )}
            >
              <MenuItem icon={<IconEdit size={16} strokeWidth={1.75} />} onSelect={() => setRenaming(true)}>
                {t('segments.rename')}
              </MenuItem>
              <MenuItem
                danger
                icon={<IconTrash size={16} strokeWidth={1.75} />}
                onSelect={() => setDeleting(segment)}
              >
                {t('segments.delete')}
              </MenuItem>
            </Menu>
          ) : null}
        </span>
      ))}
      {others.length > 0 ? (
        <Menu
          label={t('segments.more')}
          width={240}
          button={(button) => (
            <button type="button" className={classes.tab} {...button}>
              {t('segments.more')}
              <IconChevronDown size={14} strokeWidth={2} aria-hidden="true" />
            </button>
          )}
        >
          {others.map((segment) => (
            <MenuItem
              key={segment.id}
              onSelect={() => void navigate({ to: '/contacts', search: { segment: segment.id } })}
            >
              <bdi>{segment.name}</bdi>
            </MenuItem>
          ))}
        </Menu>
      ) : null}
      <NameDialog
        opened={renaming && chosen !== undefined}
        onClose={() => setRenaming(false)}
        title={t('segments.renameTitle')}
        name={chosen?.name}
        submit={t('segments.rename')}
        onName={async (name) => chosen && rename.mutateAsync({ id: chosen.id, name })}
      />
      <DeleteDialog
        segment={deleting}
        onClose={() => setDeleting(null)}
        onDeleted={() => void navigate({ to: '/contacts', search: {} })}
      />
    </nav>
  );
}
