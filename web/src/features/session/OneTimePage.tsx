import { Button, Loader } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { wordsFor } from '~/api/words';
import { signInOnce } from './api';
import { FormError } from './FormError';
import classes from './forms.module.css';
import { Gate } from './Gate';

/** Opens a session from the link that the server printed, once. */
export function OneTimePage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { token } = useSearch({ from: '/login' });
  const asked = useRef(false);
  const enter = useMutation({
    mutationFn: () => signInOnce(token),
    onSuccess: () => navigate({ to: '/inbox', replace: true }),
  });
  const { mutate } = enter;
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    mutate();
  }, [mutate]);
  return (
    <Gate title={t('oneTime.title')}>
      <div className={classes.form}>
        {enter.isError ? (
          <>
            <FormError>
              {wordsFor(t, enter.error, {
                invalid_credentials: t('oneTime.used'),
                invalid: t('oneTime.used'),
              })}
            </FormError>
            <Button component={Link} to="/sign-in" size="md" variant="default">
              {t('oneTime.password')}
            </Button>
          </>
        ) : (
          <Loader size="sm" aria-label={t('oneTime.opening')} />
        )}
      </div>
    </Gate>
  );
}
