import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { wordsFor } from '~/api/words';
import { signIn } from './api';
import { FormError } from './FormError';
import classes from './forms.module.css';
import { Gate } from './Gate';

export function SignInPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { next } = useSearch({ from: '/sign-in' });
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const passwordField = useRef<HTMLInputElement>(null);
  const enter = useMutation({
    mutationFn: () => signIn(email.trim(), password),
    onSuccess: () => navigate({ to: next ?? '/inbox', replace: true }),
    onError: () => {
      passwordField.current?.focus();
      passwordField.current?.select();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (email && password) enter.mutate();
  };
  return (
    <Gate title={t('signIn.title')} lead={t('signIn.lead')}>
      <form className={classes.form} onSubmit={submit}>
        {enter.isError ? <FormError>{wordsFor(t, enter.error)}</FormError> : null}
        <TextInput
          label={t('signIn.email')}
          type="email"
          name="email"
          autoComplete="username"
          size="md"
          required
          withAsterisk={false}
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('signIn.password')}
          name="password"
          autoComplete="current-password"
          size="md"
          required
          withAsterisk={false}
          ref={passwordField}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
        />
        <Button type="submit" size="md" fullWidth loading={enter.isPending}>
          {t('signIn.submit')}
        </Button>
      </form>
    </Gate>
  );
}
