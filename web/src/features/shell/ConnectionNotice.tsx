import { useTranslation } from 'react-i18next';
import { useConnection } from '~/api/live';
import { IconOffline } from '~/ui/icons';
import classes from './ConnectionNotice.module.css';

/** Said only once the line has been down for a while: short breaks mend themselves. */
export function ConnectionNotice() {
  const { t } = useTranslation();
  const connection = useConnection();
  if (connection !== 'lost') return null;
  return (
    <p className={classes.notice} role="status">
      <IconOffline size={16} strokeWidth={1.75} aria-hidden="true" />
      {t('shell.offline')}
    </p>
  );
}
