import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { NewEndpoint } from '~/api/contract';
import { CopyButton } from '~/ui/CopyButton';
import { DialogActions } from '~/ui/Dialog';
import { IconKey } from '~/ui/icons';
import classes from './Endpoints.module.css';

/** The one time that an endpoint's secret is shown. */
export function SecretOnce({ made, onDone }: { made: NewEndpoint; onDone: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={classes.form}>
      <p className={classes.once}>
        <IconKey size={18} strokeWidth={1.75} aria-hidden="true" />
        <span>{t(made.previous_secret_until ? 'endpoints.onceRotated' : 'endpoints.once')}</span>
      </p>
      <div className={classes.field}>
        <span className={classes.legend}>{t('endpoints.secret')}</span>
        <div className={classes.secret} dir="ltr">
          <code data-secret>{made.secret}</code>
          <CopyButton text={made.secret} label={t('endpoints.copySecret')} wordy />
        </div>
      </div>
      <DialogActions>
        <Button onClick={onDone} autoFocus>
          {t('endpoints.kept')}
        </Button>
      </DialogActions>
    </div>
  );
}
