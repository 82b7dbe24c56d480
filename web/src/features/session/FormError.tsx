import type { ReactNode } from 'react';
import { IconWarning } from '~/ui/icons';
import classes from './forms.module.css';

export function FormError({ children }: { children: ReactNode }) {
  return (
    <p className={classes.error} role="alert">
      <IconWarning size={18} strokeWidth={1.75} aria-hidden="true" />
      <span>{children}</span>
    </p>
  );
}
