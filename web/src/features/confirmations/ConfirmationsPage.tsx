import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OptOutSettings } from '~/api/contract';
import { wordsFor } from '~/api/words';
import { FormError } from '~/features/session/FormError';
import { Section } from '~/features/settings/Section';
import { LeaveGuard } from '~/ui/LeaveGuard';
import { Part } from '~/ui/Part';
import { Skeleton } from '~/ui/Skeleton';
import { ErrorState } from '~/ui/States';
import { toast } from '~/ui/toast';
import { AnswerField } from './AnswerField';
import { acts, answersOf, isDirty, isMissing, optOutWish, over } from './answers';
import { optOutQuery, setOptOut } from './api';
import classes from './Confirmations.module.css';

/** What people are answered when they stop or resume marketing. */
export function ConfirmationsPage() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(optOutQuery);
  return (
    <Section title={t('settings.sections.optOut')} lead={t('optOut.lead')}>
      {data ? (
        <Form key={data.version} settings={data} />
      ) : error ? (
        <ErrorState error={error} retry={refetch} />
      ) : (
        acts.map((act) => (
          <Part small key={act} title={t(`optOut.${act}`)} lead={t(`optOut.${act}Lead`)}>
            <Skeleton height={119} />
          </Part>
        ))
      )}
    </Section>
  );
}

function Form({ settings }: { settings: OptOutSettings }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [answers, setAnswers] = useState(() => answersOf(settings));
  const [asked, setAsked] = useState(false);
  const leaving = useRef(false);
  const dirty = isDirty(answers, settings);
  const wrong = acts.some((act) => isMissing(answers[act]) || over(answers[act]) > 0);
  const save = useMutation({
    mutationFn: () => setOptOut(optOutWish(answers, settings.version)),
    onSuccess: (now) => {
      client.setQueryData(optOutQuery.queryKey, now);
      toast(t('optOut.saved'));
    },
  });
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(true);
        if (!wrong) save.mutate();
      }}
    >
      {acts.map((act) => (
        <Part small key={act} title={t(`optOut.${act}`)} lead={t(`optOut.${act}Lead`)}>
          <AnswerField
            act={act}
            answer={answers[act]}
            usual={settings[act].usual}
            asked={asked}
            onChange={(answer) => setAnswers((now) => ({ ...now, [act]: answer }))}
          />
        </Part>
      ))}
      {save.isError ? <FormError>{wordsFor(t, save.error)}</FormError> : null}
      <footer className={classes.bar} data-on={dirty || undefined} data-save-bar="" inert={!dirty}>
        <span className={classes.state} role="status">
          {dirty ? t('optOut.unsaved') : ''}
        </span>
        <Button
          variant="default"
          disabled={save.isPending}
          onClick={() => {
            setAsked(false);
            setAnswers(answersOf(settings));
            save.reset();
          }}
        >
          {t('optOut.discard')}
        </Button>
        <Button type="submit" loading={save.isPending}>
          {t('optOut.save')}
        </Button>
      </footer>
      <LeaveGuard dirty={dirty} leaving={leaving} />
    </form>
  );
}
