import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { colorOf } from '~/ui/Avatar';
import { IconPlus, IconX } from '~/ui/icons';
import classes from './Tags.module.css';

interface Props {
  tags: string[];
  /** The field stands open, where there is nothing to see yet. */
  begin?: boolean;
  onChange: (tags: string[]) => Promise<boolean>;
}

/** The tags of a contact, to add to and take from. */
export function Tags({ tags, begin = false, onChange }: Props) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(begin);
  const [text, setText] = useState('');
  const add = async () => {
    const tag = text.trim().slice(0, 50);
    if (!tag || tags.some((each) => each.toLocaleLowerCase() === tag.toLocaleLowerCase())) {
      setText('');
      if (!tag && !begin) setAdding(false);
      return;
    }
    if (await onChange([...tags, tag])) setText('');
  };
  return (
    <ul className={classes.tags}>
      {tags.map((tag) => (
        <li
          key={tag}
          className={classes.tag}
          style={{ background: `var(--avatar-${colorOf(tag)})`, color: `var(--avatar-${colorOf(tag)}-ink)` }}
        >
          <bdi>{tag}</bdi>
          <button
            type="button"
            aria-label={t('panel.removeTag', { tag })}
            onClick={() => void onChange(tags.filter((each) => each !== tag))}
          >
            <IconX size={12} strokeWidth={2} aria-hidden="true" />
          </button>
        </li>
      ))}
      <li>
        {adding ? (
          <input
            className={classes.field}
            // biome-ignore lint/a11y/noAutofocus: it stands where the press was.
            autoFocus={!begin}
            data-autofocus={begin || undefined}
            dir="auto"
            aria-label={t('panel.addTag')}
            maxLength={50}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onBlur={() => {
              void add();
              if (!begin) setAdding(false);
            }}
            onKeyDown={(event) => {
              if ((event.key === 'Enter' || event.key === ',') && !event.nativeEvent.isComposing) {
                event.preventDefault();
                void add();
              }
              if (event.key === 'Escape' && !begin) {
                event.preventDefault();
                event.stopPropagation();
                setText('');
                setAdding(false);
              }
            }}
          />
        ) : (
          <button type="button" className={classes.add} onClick={() => setAdding(true)}>
            <IconPlus size={14} strokeWidth={2} aria-hidden="true" />
            {t('panel.addTag')}
          </button>
        )}
      </li>
    </ul>
  );
}
