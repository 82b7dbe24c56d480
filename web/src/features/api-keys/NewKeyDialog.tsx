import { Button, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NewApiKey } from '~/api/contract';
import { Problem } from '~/api/problem';
import { wordsFor } from '~/api/words';
import { useSession } from '~/features/session/api';
import { FormError } from '~/features/session/FormError';
import { BoxGrid } from '~/ui/BoxGrid';
import { Dialog, DialogActions, sheetForm } from '~/ui/Dialog';
import { FieldSet } from '~/ui/FieldSet';
import { RadioCards } from '~/ui/RadioCards';
import { Segments } from '~/ui/Segments';
import classes from './ApiKeys.module.css';
import { apiKeysQuery, createApiKey } from './api';
import { KeyOnce } from './KeyOnce';
import { PageSnippet } from './PageSnippet';
import { endOf, grantable, lives, originsOf, type Scope, usualScopes } from './scopes';

const LONGEST_NAME = 100;

const kinds = ['secret', 'publishable'] as const;
type Kind = (typeof kinds)[number];

/** Asks what the key is for and what it may do, makes it, and shows its secret once. */
export function NewKeyDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const [made, setMade] = useState<NewApiKey | null>(null);
  const close = () => {
    onClose();
    setMade(null);
  };
  return (
    <Dialog
      opened={opened}
      onClose={close}
      width={560}
      held={Boolean(made?.secret)}
      title={made ? t(made.secret ? 'apiKeys.made' : 'apiKeys.madePublishable') : t('apiKeys.createTitle')}
      lead={made ? undefined : t('apiKeys.createLead')}
    >
      {made ? (
        made.secret ? (
          <KeyOnce name={made.name} secret={made.secret} onDone={close} />
        ) : (
          <PageSnippet apiKey={made} onDone={close} />
        )
      ) : (
        <NewKeyForm onMade={setMade} onCancel={close} />
      )}
    </Dialog>
  );
}

function NewKeyForm({ onMade, onCancel }: { onMade: (made: NewApiKey) => void; onCancel: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const groups = grantable(useSession().permissions);
  const every = groups.flatMap(({ scopes }) => scopes);
  const [name, setName] = useState('');
  const [kind, setKind] = useState<Kind>('secret');
  const [sites, setSites] = useState('');
  const [scopes, setScopes] = useState(() => usualScopes.filter((scope) => every.includes(scope)));
  const [days, setDays] = useState<(typeof lives)[number]>(90);
  const [asked, setAsked] = useState(false);
  const make = useMutation({
    mutationFn: () =>
      createApiKey({
        name: name.trim(),
        kind,
        ...(kind === 'secret' ? { scopes } : { origins: originsOf(sites) }),
        expires_at: endOf(days, Date.now()),
      }),
    onSuccess: (made) => {
      onMade(made);
      void client.invalidateQueries({ queryKey: apiKeysQuery.queryKey });
    },
  });
  const nameless = asked && !name.trim();
  const powerless = asked && scopes.length === 0;
  const homeless = asked && originsOf(sites).length === 0;
  const wrongSite =
    make.error instanceof Problem && make.error.body.errors?.some(({ field }) => field.startsWith('origins'));
  const named = make.error instanceof Problem && Boolean(make.error.field('name'));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (name.trim() && (kind === 'secret' ? scopes : originsOf(sites)).length > 0) make.mutate();
  };
  const put = (scope: Scope, on: boolean) =>
    setScopes((old) => every.filter((each) => (each === scope ? on : old.includes(each))));
  return (
    <form className={sheetForm} onSubmit={submit} noValidate>
      {make.isError && !named && !wrongSite ? <FormError>{wordsFor(t, make.error)}</FormError> : null}
      <TextInput
        label={t('apiKeys.name')}
        description={t('apiKeys.nameHelp')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={name}
        maxLength={LONGEST_NAME}
        autoComplete="off"
        data-autofocus
        error={nameless || named ? t('apiKeys.nameMissing') : undefined}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <RadioCards
        name="kind"
        label={t('apiKeys.kind')}
        value={kind}
        onChange={setKind}
        cards={kinds.map((each) => ({
          value: each,
          title: t(`apiKeys.kinds.${each}`),
          help: t(`apiKeys.kindHelp.${each}`),
        }))}
      />
      {kind === 'publishable' ? (
        <Textarea
          label={t('apiKeys.origins')}
          description={t('apiKeys.originsHelp')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={sites}
          rows={3}
          dir="ltr"
          spellCheck={false}
          placeholder={t('apiKeys.originsExample')}
          error={homeless ? t('apiKeys.originsMissing') : wrongSite ? t('apiKeys.originsWrong') : undefined}
          onChange={(event) => setSites(event.currentTarget.value)}
        />
      ) : (
        <FieldSet legend={t('apiKeys.may')}>
          <BoxGrid
            groups={groups.map((group) => ({
              name: group.name,
              title: t(`scopes.groups.${group.name}`),
              boxes: group.scopes.map((scope) => ({ value: scope, label: t(`scopes.verbs.${scope}`) })),
            }))}
            ticked={scopes}
            onTick={put}
          />
          {powerless ? <p className={classes.wrong}>{t('apiKeys.scopesMissing')}</p> : null}
          <button
            type="button"
            className={classes.all}
            onClick={() => setScopes(scopes.length === every.length ? [] : every)}
          >
            {scopes.length === every.length ? t('apiKeys.chooseNone') : t('apiKeys.chooseAll')}
          </button>
        </FieldSet>
      )}
      <FieldSet legend={t('apiKeys.expires')}>
        <Segments
          name="expires"
          value={String(days)}
          onChange={(value) => setDays(lives.find((each) => String(each) === value) ?? 90)}
          choices={lives.map((each) => ({
            value: String(each),
            text: each === 0 ? t('apiKeys.never') : t('apiKeys.days', { count: each }),
          }))}
        />
      </FieldSet>
      <DialogActions>
        <Button variant="default" onClick={onCancel}>
          {t('actions.cancel')}
        </Button>
        <Button type="submit" loading={make.isPending}>
          {t('apiKeys.create')}
        </Button>
      </DialogActions>
    </form>
  );
}
