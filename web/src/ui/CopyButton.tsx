import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './CopyButton.module.css';
import { IconCheck, IconCopy } from './icons';

const SAID_MS = 1800;

interface Props {
  text: string;
  /** What is copied, for those who cannot see it: “Copy the callback URL”. */
  label: string;
  /** Shows the word beside the icon. */
  wordy?: boolean;
}

/** Puts a text on the clipboard and says so where it was pressed. */
export function CopyButton({ text, label, wordy }: Props) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    await write(text);
    setCopied(true);
  };
  return (
    <button
      type="button"
      className={classes.copy}
      data-wordy={wordy || undefined}
      data-copied={copied || undefined}
      data-tip={wordy ? undefined : label}
      aria-label={wordy ? undefined : label}
      onClick={() => void copy()}
    >
      {copied ? (
        <IconCheck size={16} strokeWidth={2} aria-hidden="true" />
      ) : (
        <IconCopy size={16} strokeWidth={1.75} aria-hidden="true" />
      )}
      {wordy ? <span>{copied ? t('actions.copied') : t('actions.copy')}</span> : null}
      <span className="visually-hidden" role="status">
        {copied ? t('actions.copied') : ''}
      </span>
    </button>
  );
}

/** The clipboard is only there on https and loopback; elsewhere the old way does it. */
async function write(text: string): Promise<void> {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.className = 'visually-hidden';
  (document.querySelector('dialog[open]') ?? document.body).append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}
