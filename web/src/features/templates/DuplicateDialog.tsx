import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Template } from '~/api/contract';
import { Dialog, DialogActions } from '~/ui/Dialog';
import { IconChevronDown } from '~/ui/icons';
import classes from './editor/Editor.module.css';
import { slugOf } from './editor/form';
import { useLanguages } from './editor/languages';
import { duplicateTemplate, siblingsQuery } from './list';
import { refusalWords } from './refusals';

interface Props {
  template: Template;
  /** A copy under another name, or the same name in another language. */
  mode: 'copy' | 'language';
  opened: boolean;
  onClose: () => void;
}

/** Begins a draft from a template that is there. */
export function DuplicateDialog({ template, mode, opened, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      title={t(mode === 'copy' ? 'templates.duplicateTitle' : 'templates.addLanguageTitle', {
        name: template.name,
      })}
      lead={t(mode === 'copy' ? 'templates.duplicateLead' : 'templates.addLanguageLead')}
    >
      <Form template={template} mode={mode} onClose={onClose} />
    </Dialog>
  );
}

function Form({ template, mode, onClose }: Omit<Props, 'opened'>) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const languages = useLanguages();
  const { data: siblings } = useQuery(siblingsQuery(template));
  const taken = new Set(siblings?.map((each) => each.language));
  const [name, setName] = useState(`${template.name}_copy`);
  const [language, setLanguage] = useState(mode === 'copy' ? template.language : '');
  const [asked, setAsked] = useState(false);
  const run = useMutation({
    mutationFn: () => duplicateTemplate(template.id, mode === 'copy' ? { name, language } : { language }),
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: ['templates'] });
      void navigate({ to: '/templates/$templateId/edit', params: { templateId: made.id } });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (name && language) run.mutate();
  };
  return (
    <form className={classes.dialog} onSubmit={submit} noValidate>
      {mode === 'copy' ? (
        <TextInput
          data-autofocus
          label={t('templates.name')}
          value={name}
          dir="ltr"
          error={asked && !name ? t('templateProblems.name_required') : undefined}
          onChange={(event) => setName(slugOf(event.currentTarget.value))}
        />
      ) : null}
      <NativeSelect
        rightSection={<IconChevronDown size={16} strokeWidth={1.75} aria-hidden="true" />}
        data-autofocus={mode === 'language' ? true : undefined}
        label={t('templates.language')}
        value={language}
        error={asked && !language ? t('templateProblems.language_required') : undefined}
        onChange={(event) => setLanguage(event.currentTarget.value)}
        data={[
          { value: '', label: t('editor.chooseLanguage'), disabled: true },
          ...languages.map((each) => ({
            ...each,
            disabled: mode === 'language' && taken.has(each.value),
          })),
        ]}
      />
      {run.error ? (
        <p role="alert" className={classes.refused}>
          {refusalWords(t, run.error)}
        </p>
      ) : null}
      <DialogActions>
        <Button variant="default" onClick={onClose}>
          {t('actions.cancel')}
        </Button>
        <Button type="submit" loading={run.isPending}>
          {t('templates.makeDraft')}
        </Button>
      </DialogActions>
    </form>
  );
}
