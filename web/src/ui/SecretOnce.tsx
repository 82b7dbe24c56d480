import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyLine } from './CopyLine';
import { DialogActions, sheetForm } from './Dialog';
import { ShownSet } from './FieldSet';
import { IconKey } from './icons';
import classes from './SecretOnce.module.css';

interface Props {
  /** That it cannot be shown again. */
  once: string;
  /** What the secret is of. */
  title: string;
  secret: string;
  copyLabel: string;
  /** What “I have kept it” is called. */
  kept: string;
  onKept: () => void;
  /** Stands between the secret and the button. */
  children?: ReactNode;
}

/** The one time that a secret is shown. */
export function SecretOnce({ once, title, secret, copyLabel, kept, onKept, children }: Props) {
  return (
    <div className={sheetForm}>
      <p className={classes.once}>
        <IconKey size={18} strokeWidth={1.75} aria-hidden="true" />
        <span>{once}</span>
      </p>
      <ShownSet legend={title}>
        <CopyLine text={secret} label={copyLabel} secret roomy />
      </ShownSet>
      {children}
      <DialogActions>
        <Button onClick={onKept} autoFocus>
          {kept}
        </Button>
      </DialogActions>
    </div>
  );
}
