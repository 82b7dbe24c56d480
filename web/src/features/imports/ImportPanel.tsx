import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { wordsFor } from '~/api/words';
import { FormError } from '~/features/session/FormError';
import { IconUpload } from '~/ui/icons';
import { importQuery, uploadFile } from './api';
import { EarlierFiles } from './EarlierFiles';
import { ImportForm } from './ImportForm';
import classes from './ImportPanel.module.css';
import { ImportProgress } from './ImportProgress';

interface Props {
  /** Under which the file that is being brought in is remembered in this tab. */
  remember: string;
  /** The country of the number that will write to these people, where one is chosen. */
  numberCountry: string | null;
  onList: (id: string) => void;
}

/** A file with people, brought in step by step: choose, say what is what, try, bring in. */
export function ImportPanel({ remember, numberCountry, onList }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const picker = useRef<HTMLInputElement>(null);
  const [id, setId] = useState(() => sessionStorage.getItem(remember) ?? '');
  const [share, setShare] = useState<number | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [over, setOver] = useState(false);
  const { data: file } = useQuery(importQuery(id));
  const keep = (next: string) => {
    setId(next);
    if (next) sessionStorage.setItem(remember, next);
    else sessionStorage.removeItem(remember);
  };
  const choose = async (chosen: File | undefined) => {
    if (!chosen) return;
    setFailure(null);
    setShare(0);
    try {
      const made = await uploadFile(chosen, setShare);
      client.setQueryData(importQuery(made.id).queryKey, made);
      keep(made.id);
    } catch (error) {
      setFailure(error);
    } finally {
      setShare(null);
    }
  };
  if (file && file.state !== 'uploaded')
    return <ImportProgress file={file} onAgain={() => keep('')} onList={onList} />;
  if (file)
    return <ImportForm key={file.id} file={file} numberCountry={numberCountry} onAgain={() => keep('')} />;
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a file may be dropped here; the button does the same. */}
      <div
        className={classes.drop}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void choose(event.dataTransfer.files[0]);
        }}
      >
        {failure ? (
          <FormError>
            {wordsFor(t, failure, { too_large: t('imports.tooLarge'), invalid: t('imports.unread') })}
          </FormError>
        ) : null}
        <span className={classes.dropIcon} aria-hidden="true">
          <IconUpload size={22} strokeWidth={1.75} />
        </span>
        <p className={classes.dropTitle}>{t('imports.drop')}</p>
        <p className={classes.note}>{t('imports.dropHelp')}</p>
        {share !== null ? (
          <progress className={classes.progress} max={1} value={share} aria-label={t('imports.sending')} />
        ) : (
          <Button variant="default" onClick={() => picker.current?.click()}>
            {t('imports.choose')}
          </Button>
        )}
        <input
          ref={picker}
          type="file"
          hidden
          accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
          aria-label={t('imports.choose')}
          onChange={(event) => {
            void choose(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
      </div>
      <EarlierFiles onOpen={keep} />
    </>
  );
}
