import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HookPlan, NewHook } from '~/api/contract';
import { Problem } from '~/api/problem';
import { wordsFor } from '~/api/words';
import { FormError } from '~/features/session/FormError';
import { Labelled } from '~/ui/Card';
import { CopyLine } from '~/ui/CopyLine';
import { Dialog, DialogActions, sheetForm } from '~/ui/Dialog';
import { RadioCards } from '~/ui/RadioCards';
import { createHook, hooksQuery } from './api';
import { GenericPlan } from './GenericPlan';
import { planExample, readObject, written } from './plan';

const kinds = ['shopify', 'generic'] as const;
type Kind = (typeof kinds)[number];

const consents = ['nothing', 'sms', 'email'] as const;

/** Asks what calls, makes the hook, and shows what the other side must be told. */
export function NewHookDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const [made, setMade] = useState<NewHook | null>(null);
  const close = () => {
    onClose();
    setMade(null);
  };
  return (
    <Dialog
      opened={opened}
      onClose={close}
      width={600}
      held={Boolean(made?.secret)}
      title={t(made ? 'hooks.made' : 'hooks.createTitle')}
    >
      {made ? <Made hook={made} onDone={close} /> : <NewHookForm onMade={setMade} onCancel={close} />}
    </Dialog>
  );
}

function NewHookForm({ onMade, onCancel }: { onMade: (made: NewHook) => void; onCancel: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [kind, setKind] = useState<Kind>('shopify');
  const [secret, setSecret] = useState('');
  const [consent, setConsent] = useState<(typeof consents)[number]>('nothing');
  const [plan, setPlan] = useState(() => written(planExample));
  const [asked, setAsked] = useState(false);
  const generic = readObject(plan) as HookPlan | null;
  const make = useMutation({
    mutationFn: () =>
      createHook({
        name: name.trim(),
        kind,
        secret: secret.trim() || null,
        plan: kind === 'shopify' ? { marketing_consent: consent } : (generic ?? {}),
      }),
    onSuccess: (made) => {
      onMade(made);
      void client.invalidateQueries({ queryKey: hooksQuery.queryKey, exact: true });
    },
  });
  const wrong = make.error instanceof Problem ? make.error.body.errors?.[0]?.field : undefined;
  const secretless = asked && kind === 'shopify' && !secret.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (name.trim() && (kind === 'generic' ? generic : secret.trim())) make.mutate();
  };
  const said = wrong === 'secret' || wrong?.startsWith('plan');
  return (
    <form className={sheetForm} onSubmit={submit} noValidate>
      {make.isError && !said ? <FormError>{wordsFor(t, make.error)}</FormError> : null}
      <RadioCards
        name="hook-kind"
        label={t('hooks.kind')}
        value={kind}
        onChange={setKind}
        cards={kinds.map((each) => ({
          value: each,
          title: t(`hooks.kinds.${each}`),
          help: t(`hooks.kindHelp.${each}`),
        }))}
      />
      <TextInput
        label={t('hooks.name')}
        value={name}
        maxLength={100}
        autoComplete="off"
        data-autofocus
        error={asked && !name.trim() ? t('hooks.nameMissing') : undefined}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={t('hooks.secret')}
        description={t(`hooks.secretHelp.${kind}`)}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={secret}
        maxLength={200}
        autoComplete="off"
        dir="ltr"
        error={
          secretless ? t('hooks.secretMissing') : wrong === 'secret' ? t('hooks.secretShort') : undefined
        }
        onChange={(event) => setSecret(event.currentTarget.value)}
      />
      {kind === 'shopify' ? (
        <RadioCards
          name="hook-consent"
          label={t('hooks.consent')}
          value={consent}
          onChange={setConsent}
          compact
          cards={consents.map((each) => ({
            value: each,
            title: t(`hooks.consents.${each}`),
            help: t(`hooks.consentHelp.${each}`),
          }))}
        />
      ) : (
        <GenericPlan text={plan} onChange={setPlan} wrong={wrong?.startsWith('plan') ? wrong : undefined} />
      )}
      <DialogActions>
        <Button variant="default" onClick={onCancel}>
          {t('actions.cancel')}
        </Button>
        <Button type="submit" loading={make.isPending}>
          {t('hooks.create')}
        </Button>
      </DialogActions>
    </form>
  );
}

function Made({ hook, onDone }: { hook: NewHook; onDone: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={sheetForm}>
      <Labelled label={t('hooks.url')} help={t(`hooks.urlHelp.${hook.kind}`)}>
        <CopyLine text={hook.url} label={t('hooks.copyUrl')} />
      </Labelled>
      {hook.secret ? (
        <Labelled label={t('hooks.secret')} help={t('hooks.once')}>
          <CopyLine text={hook.secret} label={t('hooks.copySecret')} secret />
        </Labelled>
      ) : null}
      <DialogActions>
        <Button onClick={onDone} autoFocus>
          {t('hooks.done')}
        </Button>
      </DialogActions>
    </div>
  );
}
