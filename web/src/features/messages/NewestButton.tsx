import { useTranslation } from 'react-i18next';
import { count } from '~/lib/format';
import { IconArrowDown } from '~/ui/icons';
import classes from './NewestButton.module.css';

/** Leads from the past of a thread to its end, and says how much came meanwhile. */
export function NewestButton({ fresh, onClick }: { fresh: number; onClick: () => void }) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      className={classes.button}
      aria-label={fresh > 0 ? t('thread.newestFresh', { count: fresh }) : t('thread.newest')}
      onClick={onClick}
    >
      {fresh > 0 ? <span className={classes.count}>{count(fresh)}</span> : null}
      <IconArrowDown size={18} strokeWidth={1.75} aria-hidden="true" />
    </button>
  );
}
