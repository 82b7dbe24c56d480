import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { wordsFor } from '~/api/words';
import { FormError } from '~/features/session/FormError';
import { useMay } from '~/features/settings/sections';
import { count, date } from '~/lib/format';
import { useNow } from '~/lib/now';
import { Dialog } from '~/ui/Dialog';
import { IconDone, IconRefused, IconUndo } from '~/ui/icons';
import { importQuery, undoImport } from './api';
import classes from './ImportPanel.module.css';
import { type Import, keptReasons, type Undo } from './importing';

/** “Undo import”, as long as it can be, with a question before it. */
export function UndoButton({ file }: { file: Import }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const now = useNow();
  const may = useMay('contacts.write');
  const [asking, setAsking] = useState(false);
  const undo = useMutation({
    mutationFn: () => undoImport(file.id),
    onSuccess: (next) => {
      setAsking(false);
      client.setQueryData(importQuery(file.id).queryKey, next);
    },
  });
  if (!may || !file.undo_until || Date.parse(file.undo_until) <= now) return null;
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconUndo size={16} strokeWidth={1.75} />}
        onClick={() => setAsking(true)}
      >
        {t('imports.undo')}
      </Button>
      <Dialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('imports.undoTitle', { name: file.filename })}
        lead={t('imports.undoLead', { until: date(file.undo_until) })}
        actions={
          <>
            <Button variant="default" data-autofocus onClick={() => setAsking(false)}>
              {t('actions.cancel')}
            </Button>
            <Button color="red" loading={undo.isPending} onClick={() => undo.mutate()}>
              {t('imports.undo')}
            </Button>
          </>
        }
      >
        {undo.isError ? <FormError>{wordsFor(t, undo.error)}</FormError> : null}
      </Dialog>
    </>
  );
}

/** How far it is taken back, and what came of it: who went, who got something back, who was left alone. */
export function UndoProgress({ file, undo }: { file: Import; undo: Undo }) {
  const { t } = useTranslation();
  const all = file.created + file.updated + file.unchanged;
  if (undo.state === 'running')
    return (
      <div role="status">
        <p className={classes.dropTitle}>{t('imports.undoing')}</p>
        <progress
          className={classes.progress}
          max={Math.max(1, all)}
          value={undo.seen}
          aria-label={t('imports.undoing')}
        />
        <p className={classes.note}>
          {t('imports.undoingText', { done: count(undo.seen), all: count(all) })}
        </p>
      </div>
    );
  const failed = undo.state === 'failed';
  const Icon = failed ? IconRefused : IconDone;
  const lines = [
    ...(['removed', 'restored', 'unchanged', 'withdrawn'] as const)
      .filter((name) => undo[name] > 0)
      .map((name) => ({
        name,
        text: t(`imports.undone.${name}`, { count: undo[name], shown: count(undo[name]) }),
      })),
    ...undo.kept.map(({ reason, people }) => ({
      name: reason,
      text: t(`imports.kept.${keptReasons.find((each) => each === reason) ?? 'other'}`, {
        count: people,
        shown: count(people),
      }),
    })),
  ];
  return (
    <div role={failed ? 'alert' : 'status'}>
      <p className={classes.ended}>
        <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
        {t(failed ? 'imports.undoFailed' : 'imports.undoDone')}
      </p>
      {failed ? <p className={classes.note}>{t('imports.undoFailedText')}</p> : null}
      <ul className={classes.undone}>
        {lines.map(({ name, text }) => (
          <li key={name}>{text}</li>
        ))}
      </ul>
    </div>
  );
}
