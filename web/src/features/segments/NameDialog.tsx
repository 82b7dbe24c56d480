import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { wordsFor } from '~/api/words';
import { FormError } from '~/features/session/FormError';
import { Dialog, DialogActions } from '~/ui/Dialog';
import { nameRefusal } from './useSegmentEdits';

const LONGEST_NAME = 100;

interface Props {
  opened: boolean;
  onClose: () => void;
  title: string;
  lead?: string;
  /** The name that it has. */
  name?: string;
  submit: string;
  /** Ends when it is saved; what it throws is said here. */
  onName: (name: string) => Promise<unknown>;
}

/** Asks for the name of a segment, new or other. */
export function NameDialog({ opened, onClose, title, lead, ...form }: Props) {
  return (
    <Dialog opened={opened} onClose={onClose} title={title} lead={lead}>
      <NameForm onClose={onClose} {...form} />
    </Dialog>
  );
}

function NameForm({ onClose, name: before = '', submit, onName }: Omit<Props, 'opened' | 'title' | 'lead'>) {
  const { t } = useTranslation();
  const [name, setName] = useState(before);
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const refusal = nameRefusal(failure);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (!name.trim() || busy) return;
    setBusy(true);
    setFailure(null);
    try {
      await onName(name.trim());
      onClose();
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const wrong =
    asked && !name.trim()
      ? t('segments.nameMissing')
      : refusal === 'taken'
        ? t('segments.nameTaken')
        : refusal === 'wrong'
          ? t('segments.nameWrong')
          : undefined;
  return (
    <form onSubmit={save} noValidate>
      {failure && !refusal ? (
        <FormError>{wordsFor(t, failure, { invalid: t('audience.wrong') })}</FormError>
      ) : null}
      <TextInput
        label={t('segments.name')}
        placeholder={t('segments.namePlaceholder')}
        value={name}
        maxLength={LONGEST_NAME}
        autoComplete="off"
        data-autofocus
        error={wrong}
        onChange={(event) => {
          setName(event.currentTarget.value);
          setFailure(null);
        }}
      />
      <DialogActions>
        <Button variant="default" onClick={onClose}>
          {t('actions.cancel')}
        </Button>
        <Button type="submit" loading={busy}>
          {submit}
        </Button>
      </DialogActions>
    </form>
  );
}
