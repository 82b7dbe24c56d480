import { Button } from '@mantine/core';
import { Link, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Mark } from '~/ui/Mark';
import { EmptyState, ErrorState } from '~/ui/States';
import classes from './Fallbacks.module.css';

export function Starting() {
  const { t } = useTranslation();
  return (
    <div className={classes.whole} role="status" aria-label={t('states.loading')}>
      <span className={classes.pulse}>
        <Mark size={36} />
      </span>
    </div>
  );
}

export function PageFailed({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter();
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <div className={classes.whole}>
      <ErrorState error={error} retry={again} />
    </div>
  );
}

export function NotFound() {
  const { t } = useTranslation();
  return (
    <div className={classes.whole}>
      <EmptyState
        icon={<Mark size={26} />}
        title={t('states.notFoundTitle')}
        action={
          <Button component={Link} to="/inbox" variant="default">
            {t('states.toInbox')}
          </Button>
        }
      >
        {t('states.notFoundText')}
      </EmptyState>
    </div>
  );
}
