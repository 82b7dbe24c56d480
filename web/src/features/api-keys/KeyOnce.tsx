import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Code } from '~/ui/Code';
import { CopyButton } from '~/ui/CopyButton';
import { DialogActions } from '~/ui/Dialog';
import { IconKey } from '~/ui/icons';
import classes from './ApiKeys.module.css';
import { listExample } from './examples';

interface Props {
  name: string;
  secret: string;
  onDone: () => void;
}

/** The one time that a key's secret is shown, with a request that uses it. */
export function KeyOnce({ name, secret, onDone }: Props) {
  const { t } = useTranslation();
  return (
    <div className={classes.form}>
      <p className={classes.once}>
        <IconKey size={18} strokeWidth={1.75} aria-hidden="true" />
        <span>{t('apiKeys.once')}</span>
      </p>
      <div className={classes.field}>
        <span className={classes.legend}>{name}</span>
        <div className={classes.secret} dir="ltr">
          <code data-secret>{secret}</code>
          <CopyButton text={secret} label={t('apiKeys.copySecret')} wordy />
        </div>
      </div>
      <div className={classes.field}>
        <span className={classes.legend}>{t('apiKeys.tryIt')}</span>
        <Code text={listExample(location.origin, secret)} label={t('apiKeys.tryIt')} />
      </div>
      <DialogActions>
        <Button onClick={onDone} autoFocus>
          {t('apiKeys.kept')}
        </Button>
      </DialogActions>
    </div>
  );
}
