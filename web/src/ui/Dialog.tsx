import { type CSSProperties, type ReactNode, type SyntheticEvent, useEffect, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Dialog.module.css';
import { IconButton } from './IconButton';
import { IconX } from './icons';

interface Props {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** One or two sentences under the title. */
  lead?: ReactNode;
  children?: ReactNode;
  /** The buttons at the foot, the one that does it last. */
  actions?: ReactNode;
  /** In pixels, on a screen that has them. */
  width?: number;
  /** Keeps a click beside it and Escape from closing, where something would be lost. */
  held?: boolean;
}

/** A sheet above the page in the browser's top layer: it keeps the focus and gives it back. */
export function Dialog({ opened, onClose, title, lead, children, actions, width = 480, held }: Props) {
  const { t } = useTranslation();
  const sheet = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const shown = sheet.current;
    if (!shown) return;
    if (opened && !shown.open) {
      shown.showModal();
      shown.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    }
    if (!opened && shown.open) shown.close();
  }, [opened]);
  const cancel = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!held) onClose();
  };
  return (
    <dialog
      ref={sheet}
      className={classes.dialog}
      style={{ '--width': `${width}px` } as CSSProperties}
      aria-labelledby={titleId}
      onCancel={cancel}
      // The browser closes it by itself on the second Escape in a row.
      onClose={() => opened && onClose()}
      onClick={(event) => event.target === sheet.current && !held && onClose()}
      onKeyDown={(event) => event.stopPropagation()}
    >
      {opened ? (
        <div className={classes.sheet}>
          <header className={classes.header}>
            <h2 id={titleId} className={classes.title}>
              {title}
            </h2>
            <IconButton label={t('actions.close')} tip={false} size={32} onClick={onClose}>
              <IconX size={18} strokeWidth={1.75} />
            </IconButton>
          </header>
          {lead ? <div className={classes.lead}>{lead}</div> : null}
          {children ? <div className={classes.body}>{children}</div> : null}
          {actions ? <DialogActions>{actions}</DialogActions> : null}
        </div>
      ) : null}
    </dialog>
  );
}

/** The buttons at the foot of a sheet, for forms that bring their own. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <footer className={classes.actions}>{children}</footer>;
}

/** What a long form in a sheet looks like: its fields below each other, with room between. */
export const sheetForm = classes.stack;
