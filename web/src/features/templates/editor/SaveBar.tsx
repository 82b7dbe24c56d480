import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { TemplateProblem } from '~/api/contract';
import { IconAlert, IconDone, IconPending, IconWarning } from '~/ui/icons';
import classes from './Editor.module.css';
import { isError } from './problems';

interface Props {
  problems: TemplateProblem[];
  /** Whether the problems are about what is written now. */
  current: boolean;
  failed: boolean;
  dirty: boolean;
  isNew: boolean;
  /** A draft, as opposed to something that Meta has already. */
  isDraft: boolean;
  busy: 'save' | 'submit' | null;
  onShow: () => void;
  onSave: () => void;
  onSubmit: () => void;
}

/** At the foot of the form: how it stands with the rules, whether it is saved, and the two ways on. */
export function SaveBar(props: Props) {
  const { problems, current, failed, dirty, isNew, isDraft, busy, onShow, onSave, onSubmit } = props;
  const { t } = useTranslation();
  const errors = problems.filter(isError).length;
  const warnings = problems.length - errors;
  const state = failed
    ? 'failed'
    : !current && problems.length === 0
      ? 'checking'
      : errors > 0
        ? 'errors'
        : warnings > 0
          ? 'warnings'
          : 'clean';
  return (
    <footer className={classes.bar} data-save-bar="">
      <span className={classes.state} data-state={state} role="status">
        {state === 'failed' ? (
          <>
            <IconWarning size={16} strokeWidth={1.75} aria-hidden="true" />
            {t('editor.unchecked')}
          </>
        ) : null}
        {state === 'checking' ? (
          <>
            <IconPending size={16} strokeWidth={1.75} aria-hidden="true" />
            {t('editor.checking')}
          </>
        ) : null}
        {state === 'errors' || state === 'warnings' ? (
          <button type="button" className={classes.mend} onClick={onShow}>
            <IconAlert size={16} strokeWidth={1.75} aria-hidden="true" />
            {errors > 0 ? t('editor.mend', { count: errors }) : t('editor.warn', { count: warnings })}
          </button>
        ) : null}
        {state === 'clean' ? (
          <>
            <IconDone size={16} strokeWidth={1.75} aria-hidden="true" />
            {t('editor.clean')}
          </>
        ) : null}
      </span>
      <span className={classes.saved}>{dirty ? t('editor.unsaved') : isNew ? '' : t('editor.saved')}</span>
      <div className={classes.ways}>
        <Button
          variant="default"
          loading={busy === 'save'}
          disabled={busy !== null || (!dirty && !isNew)}
          onClick={onSave}
        >
          {t(isDraft ? 'editor.save' : 'editor.saveEdit')}
        </Button>
        <Button loading={busy === 'submit'} disabled={busy !== null} onClick={onSubmit}>
          {t('editor.submit')}
        </Button>
      </div>
    </footer>
  );
}
