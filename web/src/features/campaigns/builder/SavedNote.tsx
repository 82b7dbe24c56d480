import { useTranslation } from 'react-i18next';
import { wordsFor } from '~/api/words';
import { IconAlert, IconCheck } from '~/ui/icons';
import { problemsIn, problemWords } from '../review/reasons';
import classes from './Builder.module.css';
import type { Draft } from './useDraft';

/** Says that what one did is kept, or that it is not and what to do. */
export function SavedNote({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  if (draft.version)
    return (
      <span className={classes.saved} role="status">
        {t(draft.version.dirty ? 'ongoing.version.dirty' : 'ongoing.version.same')}
      </span>
    );
  const [problem] = problemsIn(draft.error);
  if (draft.saving === 'failed')
    return (
      <span className={classes.unsaved} role="alert">
        <IconAlert size={16} strokeWidth={1.75} aria-hidden="true" />
        <span>{problem ? problemWords(t, problem) : wordsFor(t, draft.error)}</span>
        <button type="button" onClick={() => void draft.flush()}>
          {t('states.retry')}
        </button>
      </span>
    );
  return (
    <span className={classes.saved} role="status">
      {draft.saving === 'saved' ? (
        <>
          <IconCheck size={14} strokeWidth={2} aria-hidden="true" />
          {t('builder.saved')}
        </>
      ) : (
        t('builder.saving')
      )}
    </span>
  );
}
