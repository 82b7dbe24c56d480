import { lazy, type RefObject, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '~/ui/IconButton';
import { IconBold, IconItalic, IconMono, IconPlus, IconSmile, IconStruck } from '~/ui/icons';
import { Menu, MenuItem, MenuLine } from '~/ui/Menu';
import { Popover } from '~/ui/Popover';
import classes from './Editor.module.css';
import { type Edit, freshName, inserted, type Mark, marked, namedPlace, nextNumber } from './marking';

const EmojiPicker = lazy(() => import('~/features/messages/EmojiPicker'));

const tools = [
  { mark: '*', name: 'bold', Icon: IconBold, key: 'b' },
  { mark: '_', name: 'italic', Icon: IconItalic, key: 'i' },
  { mark: '~', name: 'struck', Icon: IconStruck, key: null },
  { mark: '```', name: 'mono', Icon: IconMono, key: null },
] as const satisfies { mark: Mark; [more: string]: unknown }[];

const wishes = ['first_name', 'name', 'order_number', 'date', 'amount', 'code'] as const;

/** The mark that a key asks for, such as Ctrl and B. */
export const markOfKey = (key: string): Mark | undefined =>
  tools.find((each) => each.key === key.toLowerCase())?.mark;

/** Changes the text the way a person types, so that the browser's own undo knows it. */
export function apply(area: HTMLTextAreaElement, edit: Edit): void {
  area.focus({ preventScroll: true });
  area.setSelectionRange(edit.from, edit.to);
  const typed = edit.insert
    ? document.execCommand('insertText', false, edit.insert)
    : document.execCommand('delete');
  if (!typed) {
    area.setRangeText(edit.insert, edit.from, edit.to, 'end');
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }
  area.setSelectionRange(...edit.select);
}

/** The tools above the text: marks, emoji, variables. */
export function BodyTools({ area, named }: { area: RefObject<HTMLTextAreaElement | null>; named: boolean }) {
  const { t } = useTranslation();
  const smile = useRef<HTMLButtonElement>(null);
  const [emoji, setEmoji] = useState(false);
  const edit = (make: (text: string, start: number, end: number) => Edit) => {
    const field = area.current;
    if (field) apply(field, make(field.value, field.selectionStart, field.selectionEnd));
  };
  const addNamed = (wish: string) =>
    edit((text, start, end) => namedPlace(start, end, freshName(text, wish)));
  const variable = (
    <>
      <IconPlus size={16} strokeWidth={2} aria-hidden="true" />
      {t('editor.addVariable')}
    </>
  );
  return (
    <div className={classes.tools} role="toolbar" aria-label={t('editor.tools')}>
      {tools.map(({ mark, name, Icon }) => (
        <IconButton
          key={mark}
          label={t(`editor.${name}`)}
          size={32}
          onClick={() => edit((text, start, end) => marked(text, start, end, mark))}
        >
          <Icon size={16} strokeWidth={2} aria-hidden="true" />
        </IconButton>
      ))}
      <IconButton
        ref={smile}
        label={t('editor.emoji')}
        size={32}
        aria-expanded={emoji}
        onClick={() => setEmoji(!emoji)}
      >
        <IconSmile size={16} strokeWidth={2} aria-hidden="true" />
      </IconButton>
      <Popover anchor={smile} opened={emoji} onClose={() => setEmoji(false)}>
        <Suspense fallback={null}>
          <EmojiPicker
            onChoose={(chosen) => {
              setEmoji(false);
              edit((_, start, end) => inserted(start, end, chosen));
            }}
          />
        </Suspense>
      </Popover>
      {named ? (
        <Menu
          label={t('editor.addVariable')}
          placement={{ side: 'below', align: 'end' }}
          button={(button) => (
            <button type="button" className={classes.variable} {...button}>
              {variable}
            </button>
          )}
        >
          {wishes.map((wish) => (
            <MenuItem key={wish} onSelect={() => addNamed(wish)}>
              <code>{t(`editor.wishes.${wish}`)}</code>
            </MenuItem>
          ))}
          <MenuLine />
          <MenuItem onSelect={() => addNamed('variable')}>{t('editor.otherName')}</MenuItem>
        </Menu>
      ) : (
        <button
          type="button"
          className={classes.variable}
          onClick={() => edit((text, start, end) => inserted(start, end, `{{${nextNumber(text)}}}`))}
        >
          {variable}
        </button>
      )}
    </div>
  );
}
