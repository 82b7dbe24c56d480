import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { IconX } from '~/ui/icons';
import { type ButtonRow, ButtonRows } from '../ButtonRows';
import classes from './OptionsSheet.module.css';

/** What opens from below when a message has more buttons than fit: all of them. */
export function OptionsSheet({ rows, onClose }: { rows: ButtonRow[]; onClose: () => void }) {
  const { t } = useTranslation();
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => close.current?.focus({ preventScroll: true }), []);
  return (
    <section
      className={classes.sheet}
      aria-label={t('bubble.allOptions')}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <button
        ref={close}
        type="button"
        className={classes.close}
        aria-label={t('actions.close')}
        onClick={onClose}
      >
        <IconX size={16} strokeWidth={2} aria-hidden="true" />
      </button>
      <ButtonRows rows={rows} whole />
    </section>
  );
}
