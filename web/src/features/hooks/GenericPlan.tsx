import { Button, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HookPlan } from '~/api/contract';
import { Problem } from '~/api/problem';
import { wordsFor } from '~/api/words';
import { Code } from '~/ui/Code';
import { checkHook } from './api';
import classes from './Hooks.module.css';
import { readObject, sampleExample, written } from './plan';

interface Props {
  text: string;
  onChange: (text: string) => void;
  /** The field of the plan that the server did not take. */
  wrong?: string;
}

/** The plan of a system that Wigwag does not know, and a body to try it with. */
export function GenericPlan({ text, onChange, wrong }: Props) {
  const { t } = useTranslation();
  const [sample, setSample] = useState(() => written(sampleExample));
  const plan = readObject(text) as HookPlan | null;
  const body = readObject(sample);
  const check = useMutation({
    mutationFn: () => checkHook({ kind: 'generic', plan: plan ?? {}, sample: body ?? {} }),
  });
  const refused = check.error instanceof Problem ? check.error.body.errors?.[0]?.field : undefined;
  const field = wrong ?? (refused?.startsWith('plan') ? refused : undefined);
  return (
    <>
      <Textarea
        className={classes.mono}
        label={t('hooks.plan')}
        description={t('hooks.planHelp')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={text}
        rows={12}
        dir="ltr"
        spellCheck={false}
        error={plan ? (field ? t('hooks.wrongField', { field }) : undefined) : t('hooks.notJson')}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <Textarea
        className={classes.mono}
        label={t('hooks.sample')}
        value={sample}
        rows={6}
        dir="ltr"
        spellCheck={false}
        error={body ? undefined : t('hooks.notJson')}
        onChange={(event) => setSample(event.currentTarget.value)}
      />
      <div className={classes.actions}>
        <Button
          variant="default"
          disabled={!plan || !body}
          loading={check.isPending}
          onClick={() => check.mutate()}
        >
          {t('hooks.try')}
        </Button>
      </div>
      {check.isError && !refused ? <p className={classes.quiet}>{wordsFor(t, check.error)}</p> : null}
      {check.data ? <Code text={written(check.data)} label={t('hooks.reading')} /> : null}
    </>
  );
}
