import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ApiKey } from '~/api/contract';
import { Code } from '~/ui/Code';
import { DialogActions } from '~/ui/Dialog';
import classes from './ApiKeys.module.css';
import { pageSnippet, trackExample } from './examples';

/** What a publishable key is put into a page with, and what is told from there. */
export function PageSnippet({ apiKey, onDone }: { apiKey: ApiKey; onDone: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={classes.form}>
      <div className={classes.field}>
        <span className={classes.legend}>{t('apiKeys.snippet')}</span>
        <Code
          text={pageSnippet(location.origin, apiKey.publishable_key ?? '')}
          label={t('apiKeys.snippet')}
        />
        <p className={classes.note}>{t('apiKeys.snippetHelp')}</p>
      </div>
      <div className={classes.field}>
        <span className={classes.legend}>{t('apiKeys.track')}</span>
        <Code text={trackExample} label={t('apiKeys.track')} />
        <p className={classes.note}>{t('apiKeys.trackHelp')}</p>
      </div>
      <div className={classes.field}>
        <span className={classes.legend}>{t('apiKeys.origins')}</span>
        <ul className={classes.origins} dir="ltr">
          {apiKey.origins.map((origin) => (
            <li key={origin}>{origin}</li>
          ))}
        </ul>
      </div>
      <DialogActions>
        <Button onClick={onDone}>{t('actions.close')}</Button>
      </DialogActions>
    </div>
  );
}
