import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeadLetter } from '~/api/contract';
import { wordsFor } from '~/api/words';
import { Code } from '~/ui/Code';
import { IconAlert, IconChevronRight, IconRefresh, IconTrash } from '~/ui/icons';
import { toast } from '~/ui/toast';
import { When } from '~/ui/When';
import { discardDeadLetter, replayDeadLetter } from './api';
import classes from './DeadLettersPage.module.css';
import { hold } from './held';
import { readable, reasonAdvice, reasonTitle } from './reasons';

export function DeadLetterCard({ letter }: { letter: DeadLetter }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [opened, setOpened] = useState(false);
  const details = useId();
  const again = () => void client.invalidateQueries({ queryKey: ['dead-letters'] });
  const replay = useMutation({
    mutationFn: () => replayDeadLetter(letter.id),
    onSuccess: () => toast(t('deadLetters.replayed')),
    onError: (error) =>
      toast(wordsFor(t, error, { conflict: t('deadLetters.again'), invalid: t('deadLetters.again') }), {
        tone: 'danger',
      }),
    onSettled: again,
  });
  const discard = () =>
    hold(letter.id, {
      words: t('deadLetters.discarded'),
      undo: t('actions.undo'),
      run: () => discardDeadLetter(letter.id),
      done: again,
      failed: (error) => toast(wordsFor(t, error), { tone: 'danger' }),
    });
  return (
    <li className={classes.letter}>
      <div className={classes.top}>
        <span className={classes.sign} aria-hidden="true">
          <IconAlert size={16} strokeWidth={1.75} />
        </span>
        <div className={classes.words}>
          <h2 className={classes.reason}>{reasonTitle(t, letter.reason)}</h2>
          <p className={classes.advice}>{reasonAdvice(t, letter.reason)}</p>
          <p className={classes.meta}>
            <When at={letter.received_at} />
            {letter.attempts > 0 ? <span>{t('deadLetters.tries', { count: letter.attempts })}</span> : null}
            {letter.item_preview || letter.detail ? (
              <button
                type="button"
                className={classes.toggle}
                aria-expanded={opened}
                aria-controls={details}
                onClick={() => setOpened(!opened)}
              >
                <IconChevronRight size={14} strokeWidth={2} aria-hidden="true" />
                {opened ? t('deadLetters.hide') : t('deadLetters.show')}
              </button>
            ) : null}
          </p>
        </div>
        {letter.state === 'open' ? (
          <div className={classes.actions}>
            <Button
              variant="default"
              size="compact-md"
              leftSection={<IconTrash size={14} strokeWidth={1.75} />}
              onClick={discard}
            >
              {t('deadLetters.discard')}
            </Button>
            <Button
              size="compact-md"
              variant="light"
              leftSection={<IconRefresh size={14} strokeWidth={1.75} />}
              loading={replay.isPending}
              onClick={() => replay.mutate()}
            >
              {t('deadLetters.replay')}
            </Button>
          </div>
        ) : null}
      </div>
      <div id={details} hidden={!opened} className={classes.details}>
        {letter.detail ? (
          <p className={classes.detail}>
            {t('deadLetters.detail')} <code dir="ltr">{letter.detail}</code>
          </p>
        ) : null}
        {letter.item_preview ? (
          <Code text={readable(letter.item_preview)} label={t('deadLetters.item')} />
        ) : null}
      </div>
    </li>
  );
}
