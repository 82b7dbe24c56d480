import type { ReactNode } from 'react';
import { IconDone, IconPaused, IconPending, IconRefused, IconWarning } from '~/ui/icons';
import classes from './Notice.module.css';

const icons = {
  danger: IconRefused,
  warning: IconWarning,
  info: IconPending,
  paused: IconPaused,
  good: IconDone,
};

interface Props {
  tone: keyof typeof icons;
  title: string;
  children?: ReactNode;
}

/** What happened to something, why, and what to do about it. */
export function Notice({ tone, title, children }: Props) {
  const Icon = icons[tone];
  return (
    <div className={classes.notice} data-tone={tone}>
      <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
      <div className={classes.words}>
        <p className={classes.title}>{title}</p>
        {children}
      </div>
    </div>
  );
}
