import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconSearch } from '~/ui/icons';
import classes from './EmojiPicker.module.css';
import { type Emoji, groups } from './emoji';

const storage = 'wigwag-emoji';
const COLUMNS = 8;
const MOST_RECENT = 16;

function recent(): string[] {
  try {
    return JSON.parse(localStorage.getItem(storage) ?? '[]') as string[];
  } catch {
    return [];
  }
}

function remember(emoji: string): void {
  try {
    localStorage.setItem(
      storage,
      JSON.stringify([emoji, ...recent().filter((each) => each !== emoji)].slice(0, MOST_RECENT)),
    );
  } catch {
    // It is only a convenience.
  }
}

/** Emoji by group, with those used last on top and a search by name. */
export default function EmojiPicker({ onChoose }: { onChoose: (emoji: string) => void }) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const [used] = useState(recent);
  const grid = useRef<HTMLDivElement>(null);
  const choose = (emoji: string) => {
    remember(emoji);
    onChoose(emoji);
  };
  const q = query.trim().toLowerCase();
  const hits = q ? groups.flatMap((group) => group.emoji).filter((each) => each[1].includes(q)) : [];
  const buttons = () => [...(grid.current?.querySelectorAll('button') ?? [])];
  const move = (event: KeyboardEvent) => {
    event.stopPropagation();
    const all = buttons();
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    const rtl = document.documentElement.dir === 'rtl';
    const by = { ArrowRight: rtl ? -1 : 1, ArrowLeft: rtl ? 1 : -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[
      event.key
    ];
    if (by === undefined || at === -1) return;
    event.preventDefault();
    all[Math.max(0, Math.min(all.length - 1, at + by))]?.focus();
  };
  return (
    <div className={classes.picker}>
      <label className={classes.search}>
        <IconSearch size={16} strokeWidth={1.75} aria-hidden="true" />
        <input
          // biome-ignore lint/a11y/noAutofocus: the layer was opened to choose; typing searches at once.
          autoFocus
          aria-label={t('composer.searchEmoji')}
          placeholder={t('composer.searchEmoji')}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && hits[0]) choose(hits[0][0]);
            if (event.key === 'ArrowDown') {
              event.preventDefault();
              buttons()[0]?.focus();
            }
          }}
        />
      </label>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows go between the buttons inside. */}
      <div ref={grid} className={classes.groups} onKeyDown={move}>
        {q ? (
          <Group title={t('composer.found', { count: hits.length })} emoji={hits} onChoose={choose} />
        ) : (
          <>
            {used.length > 0 ? (
              <Group title={t('composer.recent')} emoji={used.map((each) => [each, ''])} onChoose={choose} />
            ) : null}
            {groups.map((group) => (
              <Group
                key={group.name}
                title={t(`composer.emojiGroups.${group.name}`)}
                emoji={group.emoji}
                onChoose={choose}
              />
            ))}
          </>
        )}
      </div>
    </div>
  );
}

function Group({
  title,
  emoji,
  onChoose,
}: {
  title: string;
  emoji: Emoji[];
  onChoose: (emoji: string) => void;
}) {
  return (
    <section>
      <h4 className={classes.title}>{title}</h4>
      <div className={classes.grid}>
        {emoji.map(([letter, name]) => (
          <button key={letter} type="button" title={name.split(' ')[0]} onClick={() => onChoose(letter)}>
            {letter}
          </button>
        ))}
      </div>
    </section>
  );
}
