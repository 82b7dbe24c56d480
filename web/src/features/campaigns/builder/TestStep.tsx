import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { wordsFor } from '~/api/words';
import { FormError } from '~/features/session/FormError';
import { useMay } from '~/features/settings/sections';
import { templateQuery } from '~/features/templates/list';
import { clock } from '~/lib/format';
import { IconDone, IconSend } from '~/ui/icons';
import { Skeleton } from '~/ui/Skeleton';
import { testCampaign } from '../api';
import { Problems } from '../review/Problems';
import { problemsIn } from '../review/reasons';
import { DraftPhone } from './DraftPhone';
import sides from './MessageStep.module.css';
import classes from './TestStep.module.css';
import type { Draft } from './useDraft';

const remembered = 'wigwag-test-phones';
const MOST = 5;

/** Phone numbers as somebody types them, by commas or lines. */
export const phonesIn = (text: string): string[] => [
  ...new Set(
    text
      .split(/[,;\n]/)
      .map((each) => each.replace(/[\s().-]/g, ''))
      .filter(Boolean),
  ),
];

const looksRight = (phone: string): boolean => /^\+?[1-9]\d{6,14}$/.test(phone);

/** The message to one’s own phone first: what it really looks like. */
export function TestStep({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  const maySend = useMay('campaigns.send');
  const { id, number_id, template_id } = draft.campaign;
  const { data: template } = useQuery({ ...templateQuery(template_id ?? ''), enabled: template_id !== null });
  const [typed, setTyped] = useState(() => localStorage.getItem(remembered) ?? '');
  const [asked, setAsked] = useState(false);
  const [sent, setSent] = useState<{ at: string; to: string[] }[]>([]);
  const phones = phonesIn(typed);
  const wrong =
    phones.length === 0
      ? t('builder.testMissing')
      : phones.length > MOST
        ? t('builder.testTooMany', { count: MOST })
        : phones.every(looksRight)
          ? null
          : t('builder.testWrong');
  const test = useMutation({
    mutationFn: async () => {
      await draft.flush();
      await testCampaign(id, phones);
    },
    onSuccess: () => {
      localStorage.setItem(remembered, typed);
      setSent((old) => [{ at: new Date().toISOString(), to: phones }, ...old]);
    },
  });
  const problems = problemsIn(test.error).filter(({ field }) => !field?.startsWith('to'));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (!wrong) test.mutate();
  };
  const ready = number_id !== null && template_id !== null;
  if (!ready) return <p className={classes.note}>{t('builder.testNotReady')}</p>;
  if (!maySend) return <p className={classes.note}>{t('problems.forbidden')}</p>;
  return (
    <div className={sides.sides}>
      <form className={classes.form} onSubmit={submit} noValidate>
        {problems.length > 0 ? (
          <Problems campaign={draft.campaign} problems={problems} />
        ) : test.isError ? (
          <FormError>{wordsFor(t, test.error)}</FormError>
        ) : null}
        <TextInput
          label={t('builder.testTo')}
          description={t('builder.testHelp')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          placeholder={t('builder.testPlaceholder')}
          type="tel"
          dir="ltr"
          value={typed}
          error={asked && wrong ? wrong : undefined}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button
          type="submit"
          className={classes.send}
          variant="default"
          leftSection={<IconSend size={16} strokeWidth={1.75} />}
          loading={test.isPending}
        >
          {t('builder.testSend')}
        </Button>
        <ul className={classes.sent} aria-live="polite">
          {sent.map((each) => (
            <li key={each.at}>
              <IconDone size={16} strokeWidth={1.75} aria-hidden="true" />
              <span>{t('builder.testSent', { time: clock(each.at), to: each.to.join(', ') })}</span>
            </li>
          ))}
        </ul>
      </form>
      {template ? <DraftPhone campaign={draft.campaign} template={template} /> : <Skeleton height={360} />}
    </div>
  );
}
