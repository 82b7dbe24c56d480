import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { lasting } from '~/features/campaigns/figures';
import { count } from '~/lib/format';
import { IconDone, IconRefused } from '~/ui/icons';
import { errorsFile } from './api';
import classes from './ImportPanel.module.css';
import { UndoButton, UndoProgress } from './ImportUndo';
import type { Import } from './importing';

interface Props {
  file: Import;
  onAgain: () => void;
  onList: (id: string) => void;
}

/** How far a file is: rows, rows a second, time left; it goes on when the page is left. */
export function ImportProgress({ file, onAgain, onList }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const begun = useRef({ at: Date.now(), rows: file.rows_done });
  const { state, rows_done: done, rows_total: all } = file;
  useEffect(() => {
    if (state === 'done')
      void client.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] === 'audience' && queryKey[1] !== 'import',
      });
  }, [state, client]);
  const undo = file.undo;
  const undone = undo?.state === 'done';
  useEffect(() => {
    if (undone)
      void client.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] === 'audience' && queryKey[1] !== 'import',
      });
  }, [undone, client]);
  const seconds = (Date.now() - begun.current.at) / 1000;
  const speed = seconds > 1 ? (done - begun.current.rows) / seconds : 0;
  if (state === 'running')
    return (
      <div className={classes.running} role="status">
        <p className={classes.dropTitle}>{t('imports.running')}</p>
        <progress
          className={classes.progress}
          max={Math.max(1, all)}
          value={done}
          aria-label={t('imports.running')}
        />
        <p className={classes.note}>
          {t('imports.rows', { done: count(done), all: count(all) })}
          {speed > 0
            ? ` ${t('imports.speed', { rate: count(Math.round(speed)), time: lasting((all - done) / speed) })}`
            : ''}
        </p>
      </div>
    );
  if (undo)
    return (
      <div className={classes.running}>
        <UndoProgress file={file} undo={undo} />
        {undo.state === 'running' ? null : (
          <div className={classes.actions}>
            {undo.state === 'failed' ? <UndoButton file={file} /> : null}
            <Button variant="default" onClick={onAgain}>
              {t('imports.another')}
            </Button>
          </div>
        )}
      </div>
    );
  if (state === 'failed')
    return (
      <div className={classes.running} role="alert">
        <p className={classes.ended}>
          <IconRefused size={18} strokeWidth={1.75} aria-hidden="true" />
          {t('imports.failedTitle')}
        </p>
        <p className={classes.note}>{t('imports.failedText')}</p>
        <div className={classes.actions}>
          <UndoButton file={file} />
          <Button variant="default" onClick={onAgain}>
            {t('imports.another')}
          </Button>
        </div>
      </div>
    );
  return (
    <div className={classes.running}>
      <p className={classes.ended}>
        <IconDone size={18} strokeWidth={1.75} aria-hidden="true" />
        {t('imports.done', {
          count: file.created + file.updated + file.unchanged,
          shown: count(file.created + file.updated + file.unchanged),
        })}
      </p>
      <p className={classes.note}>
        {t('imports.doneText', {
          created: count(file.created),
          updated: count(file.updated + file.unchanged),
          failed: count(file.failed),
        })}
      </p>
      <div className={classes.actions}>
        {file.failed > 0 ? (
          <Button component="a" href={errorsFile(file.id)} download variant="default">
            {t('imports.downloadErrors')}
          </Button>
        ) : null}
        <UndoButton file={file} />
        <Button variant="default" onClick={onAgain}>
          {t('imports.another')}
        </Button>
        {file.list_id ? (
          <Button onClick={() => file.list_id && onList(file.list_id)}>{t('imports.use')}</Button>
        ) : null}
      </div>
    </div>
  );
}
