import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Endpoint, NewEndpoint, WebhookForm } from '~/api/contract';
import { Problem } from '~/api/problem';
import { wordsFor } from '~/api/words';
import { FormError } from '~/features/session/FormError';
import { BoxGrid } from '~/ui/BoxGrid';
import { Dialog, DialogActions, sheetForm } from '~/ui/Dialog';
import { FieldSet } from '~/ui/FieldSet';
import { RadioCards } from '~/ui/RadioCards';
import { createEndpoint, editEndpoint, endpointsQuery } from './api';
import { EndpointSecret } from './EndpointSecret';
import classes from './Endpoints.module.css';
import { groupsOf, type WebhookEvent } from './events';

const LONGEST_NAME = 100;
const forms = ['wigwag', 'interakt'] as const satisfies WebhookForm[];

interface Props {
  opened: boolean;
  onClose: () => void;
  /** What to change; without it one is made. */
  endpoint?: Endpoint;
}

/** Asks where another program listens and what it wants to know; a new secret is shown once. */
export function EndpointDialog({ opened, onClose, endpoint }: Props) {
  const { t } = useTranslation();
  const [made, setMade] = useState<NewEndpoint | null>(null);
  const close = () => {
    onClose();
    setMade(null);
  };
  const title = endpoint ? t('endpoints.editTitle') : t('endpoints.addTitle');
  return (
    <Dialog
      opened={opened}
      onClose={close}
      width={560}
      held={made !== null}
      title={made ? t('endpoints.made') : title}
    >
      {made ? (
        <EndpointSecret made={made} onDone={close} />
      ) : (
        <EndpointForm endpoint={endpoint} onMade={setMade} onDone={close} />
      )}
    </Dialog>
  );
}

interface FormProps {
  endpoint: Endpoint | undefined;
  onMade: (made: NewEndpoint) => void;
  onDone: () => void;
}

function EndpointForm({ endpoint, onMade, onDone }: FormProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState(endpoint?.name ?? '');
  const [url, setUrl] = useState(endpoint?.url ?? '');
  const [form, setForm] = useState<WebhookForm>(endpoint?.form ?? 'wigwag');
  const [events, setEvents] = useState<readonly string[]>(endpoint?.events ?? []);
  const [asked, setAsked] = useState(false);
  const groups = groupsOf(form);
  const chosen = groups.flatMap((group): string[] => group.events).filter((event) => events.includes(event));
  const save = useMutation({
    mutationFn: async () => {
      const shared = { name: name.trim(), url: url.trim(), events: chosen };
      if (endpoint) {
        await editEndpoint(endpoint.id, shared);
        return null;
      }
      return createEndpoint({ ...shared, form });
    },
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: endpointsQuery.queryKey });
      if (made) onMade(made);
      else onDone();
    },
  });
  const nameless = asked && !name.trim();
  const nowhere = asked && !url.trim();
  const misplaced = save.error instanceof Problem && Boolean(save.error.field('url'));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (name.trim() && url.trim()) save.mutate();
  };
  const put = (event: WebhookEvent, on: boolean) =>
    setEvents((old) => (on ? [...old, event] : old.filter((each) => each !== event)));
  return (
    <form className={sheetForm} onSubmit={submit} noValidate>
      {save.isError && !misplaced ? <FormError>{wordsFor(t, save.error)}</FormError> : null}
      <TextInput
        label={t('endpoints.name')}
        value={name}
        maxLength={LONGEST_NAME}
        autoComplete="off"
        data-autofocus
        error={nameless ? t('endpoints.nameMissing') : undefined}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={t('endpoints.url')}
        description={t('endpoints.urlHelp')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={url}
        type="url"
        dir="ltr"
        placeholder={t('endpoints.urlExample')}
        autoComplete="off"
        error={nowhere ? t('endpoints.urlMissing') : misplaced ? t('endpoints.urlWrong') : undefined}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      {endpoint ? null : (
        <FieldSet legend={t('endpoints.form')}>
          <RadioCards
            name="form"
            label={t('endpoints.form')}
            value={form}
            onChange={setForm}
            cards={forms.map((each) => ({
              value: each,
              title: t(`endpoints.forms.${each}.title`),
              help: t(`endpoints.forms.${each}.help`),
            }))}
          />
        </FieldSet>
      )}
      <FieldSet legend={t('endpoints.events')}>
        <BoxGrid
          groups={groups.map((group) => ({
            name: group.name,
            title: t(`endpoints.groups.${group.name}`),
            boxes: group.events.map((event) => ({
              value: event,
              label: t(`endpoints.event.${event.replace('.', '_') as EntryOf<WebhookEvent>}`),
            })),
          }))}
          ticked={events}
          onTick={put}
        />
        <p className={classes.help}>{t('endpoints.eventsHelp')}</p>
      </FieldSet>
      <DialogActions>
        <Button variant="default" onClick={onDone}>
          {t('actions.cancel')}
        </Button>
        <Button type="submit" loading={save.isPending}>
          {endpoint ? t('endpoints.save') : t('endpoints.add')}
        </Button>
      </DialogActions>
    </form>
  );
}

/** An event's entry in the catalogue, where a dot would divide. */
type EntryOf<Event> = Event extends `${infer Noun}.${infer Verb}` ? `${Noun}_${Verb}` : never;
