import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconWarning, IconX } from './icons';
import classes from './Toasts.module.css';
import { dismiss, staysFor, type Toast, useToasts } from './toast';

/** What was just done, with the way back; stays while one looks at it. */
export function Toasts() {
  const { t } = useTranslation();
  const toasts = useToasts();
  return (
    <section
      className={classes.toasts}
      aria-label={t('shell.notices')}
      aria-live="polite"
      aria-relevant="additions"
    >
      {toasts.map((each) => (
        <OneToast key={each.id} toast={each} />
      ))}
    </section>
  );
}

function OneToast({ toast }: { toast: Toast }) {
  const { t } = useTranslation();
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismiss(toast.id), staysFor(toast));
    return () => clearTimeout(timer);
  }, [held, toast]);
  const { action } = toast;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only pauses the clock while somebody reads.
    <div
      className={classes.toast}
      data-tone={toast.tone}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {toast.tone === 'danger' ? <IconWarning size={18} strokeWidth={1.75} aria-hidden="true" /> : null}
      <span className={classes.text}>{toast.text}</span>
      {action ? (
        <button
          type="button"
          className={classes.action}
          onClick={() => {
            action.run();
            dismiss(toast.id);
          }}
        >
          {action.text}
        </button>
      ) : null}
      <button
        type="button"
        className={classes.close}
        aria-label={t('actions.close')}
        onClick={() => dismiss(toast.id)}
      >
        <IconX size={16} strokeWidth={1.75} aria-hidden="true" />
      </button>
    </div>
  );
}
