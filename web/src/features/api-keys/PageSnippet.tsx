import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ApiKey } from '~/api/contract';
import { Code } from '~/ui/Code';
import { DialogActions, sheetForm } from '~/ui/Dialog';
import { ShownSet } from '~/ui/FieldSet';
import classes from './ApiKeys.module.css';
import { pageSnippet, trackExample } from './examples';

/** What a publishable key is put into a page with, and what is told from there. */
export function PageSnippet({ apiKey, onDone }: { apiKey: ApiKey; onDone: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={sheetForm}>
      <ShownSet legend={t('apiKeys.snippet')}>
        <Code
          text={pageSnippet(location.origin, apiKey.publishable_key ?? '')}
          label={t('apiKeys.snippet')}
        />
        <p className={classes.note}>{t('apiKeys.snippetHelp')}</p>
      </ShownSet>
      <ShownSet legend={t('apiKeys.track')}>
        <Code text={trackExample} label={t('apiKeys.track')} />
        <p className={classes.note}>{t('apiKeys.trackHelp')}</p>
      </ShownSet>
      <ShownSet legend={t('apiKeys.origins')}>
        <ul className={classes.origins} dir="ltr">
          {apiKey.origins.map((origin) => (
            <li key={origin}>{origin}</li>
          ))}
        </ul>
      </ShownSet>
      <DialogActions>
        <Button onClick={onDone}>{t('actions.close')}</Button>
      </DialogActions>
    </div>
  );
}
