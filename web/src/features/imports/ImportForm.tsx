import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { wordsFor } from '~/api/words';
import { countries } from '~/features/audience/countries';
import { FormError } from '~/features/session/FormError';
import { count } from '~/lib/format';
import { Segments } from '~/ui/Segments';
import { Select } from '~/ui/Select';
import { AgreementFields, type Answer, agreementOf, isAnswered } from './AgreementFields';
import { checkImport, importQuery, readImport, runImport, type Wish } from './api';
import { CheckedFigures } from './CheckedFigures';
import { ColumnTable } from './ColumnTable';
import classes from './ImportPanel.module.css';
import { type Checked, firstRowOf, type Import, readTarget, wrongMapping } from './importing';

interface Props {
  file: Import;
  /** The country of the number that will write to these people, where one is chosen. */
  numberCountry: string | null;
  onAgain: () => void;
}

/** What the columns of a file become, how its people agreed, and a try before anything is written. */
export function ImportForm({ file, numberCountry, onAgain }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [map, setMap] = useState(() => file.columns.map(({ suggestion }) => readTarget(suggestion)));
  // As it was just chosen; the file follows.
  const [named, setNamed] = useState(file.has_header);
  const [country, setCountry] = useState(numberCountry ?? file.default_country ?? '');
  const [tag, setTag] = useState('');
  const [listName, setListName] = useState(file.filename.replace(/\.\w+$/, ''));
  const [answer, setAnswer] = useState<Answer>({
    agreed: null,
    source: '',
    date: '',
    text: '',
    category: 'marketing',
  });
  const [checked, setChecked] = useState<Checked | null>(null);
  const [asked, setAsked] = useState(false);
  const wish: Wish = { map, columns: file.columns, country, tag, listName, agreement: agreementOf(answer) };
  const wrong = wrongMapping(map);
  const ready = !wrong && isAnswered(answer) && listName.trim() !== '';
  const check = useMutation({
    mutationFn: (wanted: Wish) => checkImport(file.id, wanted),
    onSuccess: setChecked,
  });
  const read = useMutation({
    mutationFn: (hasHeader: boolean) => readImport(file.id, hasHeader),
    onError: () => setNamed(file.has_header),
    onSuccess: (now) => {
      client.setQueryData(importQuery(file.id).queryKey, now);
      const next = now.columns.map(({ suggestion }) => readTarget(suggestion));
      setMap(next);
      setChecked(null);
      // What was tried is tried again at once with the rows as they are now.
      if (checked && !wrongMapping(next)) check.mutate({ ...wish, map: next, columns: now.columns });
    },
  });
  const run = useMutation({
    mutationFn: () => runImport(file.id),
    onSuccess: (now) => {
      if (now?.id) client.setQueryData(importQuery(file.id).queryKey, now);
      void client.invalidateQueries({ queryKey: importQuery(file.id).queryKey });
    },
  });
  // What was tried no longer holds once something is changed.
  const change =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      setChecked(null);
      set(value);
    };
  const separators: Record<string, string> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' };
  const separator = separators[file.delimiter] ?? 'other';
  return (
    <div className={classes.form}>
      <div className={classes.file}>
        <span>
          <strong>{file.filename}</strong>
          <span className={classes.note}>
            {t('imports.read', {
              count: file.rows_total,
              shown: count(file.rows_total),
              encoding: file.encoding.toUpperCase(),
              separator: t(`imports.separators.${separator as 'comma'}`),
            })}
          </span>
        </span>
        <Button variant="default" onClick={onAgain}>
          {t('imports.another')}
        </Button>
      </div>
      <div className={classes.firstRow}>
        <span className={classes.firstRowWords}>
          <span className={classes.firstRowName}>{t('imports.firstRow')}</span>
          <bdi className={classes.values}>{firstRowOf(file).join(', ')}</bdi>
        </span>
        <Segments
          name="first-row"
          label={t('imports.firstRow')}
          value={named ? 'names' : 'person'}
          choices={[
            { value: 'names', text: t('imports.firstRowNames') },
            { value: 'person', text: t('imports.firstRowPerson') },
          ]}
          onChange={(value) => {
            setNamed(value === 'names');
            read.mutate(value === 'names');
          }}
        />
      </div>
      {read.isError ? (
        <FormError>{wordsFor(t, read.error, { invalid: t('imports.firstRowOnly') })}</FormError>
      ) : null}
      <ColumnTable columns={file.columns} map={map} onChange={change(setMap)} />
      {wrong ? (
        <p className={classes.wrong} role="alert">
          {t(`imports.wrong.${wrong}`)}
        </p>
      ) : null}
      <div className={classes.fields}>
        <Select
          label={t('imports.country')}
          value={country}
          help={t('imports.countryHelp')}
          choices={[
            { value: '', text: t('imports.noCountry') },
            ...countries().map(({ code, name }) => ({ value: code, text: name })),
          ]}
          onChange={change(setCountry)}
        />
        <TextInput
          label={t('imports.listName')}
          value={listName}
          maxLength={100}
          autoComplete="off"
          error={asked && !listName.trim() ? t('campaigns.nameMissing') : undefined}
          onChange={(event) => change(setListName)(event.currentTarget.value)}
        />
        <TextInput
          label={t('imports.tag')}
          placeholder={t('imports.tagPlaceholder')}
          value={tag}
          maxLength={50}
          autoComplete="off"
          onChange={(event) => change(setTag)(event.currentTarget.value)}
        />
      </div>
      <AgreementFields answer={answer} asked={asked} onChange={change(setAnswer)} />
      {check.isError ? <FormError>{wordsFor(t, check.error)}</FormError> : null}
      {run.isError ? <FormError>{wordsFor(t, run.error)}</FormError> : null}
      {checked ? <CheckedFigures checked={checked} /> : null}
      <div className={classes.actions}>
        <Button
          variant={checked ? 'default' : 'filled'}
          loading={check.isPending}
          onClick={() => {
            setAsked(true);
            if (ready) check.mutate(wish);
          }}
        >
          {t('imports.check')}
        </Button>
        {checked && checked.new + checked.existing > 0 ? (
          <Button loading={run.isPending} onClick={() => run.mutate()}>
            {t('imports.run', {
              count: checked.new + checked.existing,
              shown: count(checked.new + checked.existing),
            })}
          </Button>
        ) : null}
      </div>
    </div>
  );
}
