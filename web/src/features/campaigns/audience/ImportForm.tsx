import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { wordsFor } from '~/api/words';
import { FormError } from '~/features/session/FormError';
import { count } from '~/lib/format';
import { Select } from '~/ui/Select';
import { AgreementFields, type Answer, agreementOf, isAnswered } from './AgreementFields';
import { CheckedFigures } from './CheckedFigures';
import { ColumnTable } from './ColumnTable';
import { countries } from './countries';
import classes from './ImportPanel.module.css';
import { checkImport, importQuery, runImport, type Wish } from './importApi';
import { type Checked, type Import, readTarget, wrongMapping } from './importing';

interface Props {
  file: Import;
  onAgain: () => void;
}

const ownCountry = (): string => {
  try {
    return new Intl.Locale(navigator.language).maximize().region ?? '';
  } catch {
    return '';
  }
};

/** What the columns of a file become, how its people agreed, and a try before anything is written. */
export function ImportForm({ file, onAgain }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [map, setMap] = useState(() => file.columns.map(({ suggestion }) => readTarget(suggestion)));
  const [country, setCountry] = useState(ownCountry);
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
    mutationFn: () => checkImport(file.id, wish),
    onSuccess: setChecked,
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
            if (ready) check.mutate();
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
