import { useRef, useState } from 'react';
import { IconEdit } from '~/ui/icons';
import classes from './EditableText.module.css';

interface Props {
  label: string;
  value: string;
  /** Shown where there is no value. */
  empty: string;
  type?: 'text' | 'email';
  large?: boolean;
  onSave: (value: string) => Promise<boolean>;
}

/** A text that becomes a field when it is pressed; Enter or leaving saves, Escape does not. */
export function EditableText({ label, value, empty, type = 'text', large, onSave }: Props) {
  const [editing, setEditing] = useState(false);
  const [text, setText] = useState(value);
  const left = useRef(false);
  const finish = async (save: boolean) => {
    if (left.current) return;
    left.current = true;
    const next = text.trim();
    if (save && next !== value && !(await onSave(next))) {
      left.current = false;
      return;
    }
    setEditing(false);
  };
  if (!editing)
    return (
      <button
        type="button"
        className={classes.text}
        data-large={large || undefined}
        data-empty={value ? undefined : true}
        aria-label={`${label}: ${value || empty}`}
        onClick={() => {
          left.current = false;
          setText(value);
          setEditing(true);
        }}
      >
        <bdi>{value || empty}</bdi>
        <IconEdit size={14} strokeWidth={1.75} aria-hidden="true" />
      </button>
    );
  return (
    <input
      className={classes.field}
      data-large={large || undefined}
      type={type}
      dir="auto"
      // biome-ignore lint/a11y/noAutofocus: it stands where the press was.
      autoFocus
      aria-label={label}
      value={text}
      maxLength={200}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => void finish(true)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !event.nativeEvent.isComposing) void finish(true);
        if (event.key === 'Escape') {
          event.preventDefault();
          event.stopPropagation();
          void finish(false);
        }
      }}
    />
  );
}
