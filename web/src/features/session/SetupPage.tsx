import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '~/api/problem';
import { wordsFor } from '~/api/words';
import { type FirstOwner, setUp } from './api';
import { FormError } from './FormError';
import classes from './forms.module.css';
import { Gate } from './Gate';

const SHORTEST_PASSWORD = 10;
const nobody: FirstOwner = { token: '', workspace_name: '', name: '', email: '', password: '' };

/** The first visit: who owns this installation, proved by the token in the server's log. */
export function SetupPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [owner, setOwner] = useState(nobody);
  const create = useMutation({
    mutationFn: () => setUp(owner),
    onSuccess: () => navigate({ to: '/inbox', replace: true }),
  });
  const problem = create.error instanceof Problem ? create.error : null;
  const field = (name: keyof FirstOwner) => ({
    name,
    size: 'md' as const,
    required: true,
    withAsterisk: false,
    value: owner[name],
    error: problem?.field(name) ? t(`setup.wrong.${name}`) : undefined,
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setOwner((old) => ({ ...old, [name]: value }));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  const named = problem?.body.errors?.some((error) => error.field in nobody);
  return (
    <Gate title={t('setup.title')} lead={t('setup.lead')}>
      <form className={classes.form} onSubmit={submit}>
        {create.isError && !named ? (
          <FormError>
            {wordsFor(t, create.error, {
              forbidden: t('setup.wrong.token'),
              unauthenticated: t('setup.wrong.token'),
              conflict: t('setup.already'),
            })}
          </FormError>
        ) : null}
        <TextInput
          {...field('token')}
          label={t('setup.token')}
          description={t('setup.tokenHelp')}
          autoComplete="off"
          spellCheck={false}
          autoFocus
        />
        <TextInput {...field('workspace_name')} label={t('setup.workspace')} autoComplete="organization" />
        <TextInput {...field('name')} label={t('setup.name')} autoComplete="name" />
        <TextInput {...field('email')} label={t('setup.email')} type="email" autoComplete="username" />
        <PasswordInput
          {...field('password')}
          label={t('setup.password')}
          description={t('setup.passwordHelp', { count: SHORTEST_PASSWORD })}
          autoComplete="new-password"
          minLength={SHORTEST_PASSWORD}
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
        />
        <Button type="submit" size="md" fullWidth loading={create.isPending}>
          {t('setup.submit')}
        </Button>
      </form>
    </Gate>
  );
}
