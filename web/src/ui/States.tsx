import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem, Unreachable } from '~/api/problem';
import { IconLock, IconOffline, IconRefresh, IconWarning } from './icons';
import classes from './States.module.css';

interface EmptyProps {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

/** Nothing here yet, and what to do next. */
export function EmptyState({ icon, title, children, action }: EmptyProps) {
  return (
    <div className={classes.state}>
      {icon ? (
        <span className={classes.icon} aria-hidden="true">
          {icon}
        </span>
      ) : null}
      <p className={classes.title}>{title}</p>
      {children ? <p className={classes.text}>{children}</p> : null}
      {action}
    </div>
  );
}

/** It did not load: in words, with a way to try again where that may help. */
export function ErrorState({ error, retry }: { error: unknown; retry: () => void }) {
  const { t } = useTranslation();
  const offline = error instanceof Unreachable;
  const status = error instanceof Problem ? error.status : 0;
  if (status === 403 || status === 404)
    return (
      <div role="alert">
        <EmptyState
          icon={status === 403 ? <IconLock size={22} strokeWidth={1.75} /> : <IconWarning size={22} />}
          title={t(status === 403 ? 'states.forbiddenTitle' : 'states.goneTitle')}
        >
          {t(status === 403 ? 'problems.forbidden' : 'states.notFoundText')}
        </EmptyState>
      </div>
    );
  return (
    <div className={classes.state} role="alert">
      <span className={classes.icon} aria-hidden="true">
        {offline ? <IconOffline size={22} /> : <IconWarning size={22} />}
      </span>
      <p className={classes.title}>{t(offline ? 'states.unreachableTitle' : 'states.errorTitle')}</p>
      <p className={classes.text}>{t(offline ? 'states.unreachableText' : 'states.errorText')}</p>
      <Button variant="default" leftSection={<IconRefresh size={16} />} onClick={retry}>
        {t('states.retry')}
      </Button>
    </div>
  );
}
