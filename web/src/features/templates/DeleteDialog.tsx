import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Template } from '~/api/contract';
import { languageName } from '~/lib/format';
import { Checkbox } from '~/ui/Checkbox';
import { Dialog } from '~/ui/Dialog';
import { toast } from '~/ui/toast';
import { deleteTemplate, siblingsQuery } from './list';
import { refusalWords } from './refusals';

interface Props {
  template: Template;
  opened: boolean;
  onClose: () => void;
}

/** Asks once, by name and with what follows, before a template is gone. */
export function DeleteDialog({ template, opened, onClose }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = useSearch({ from: '/signed-in/templates' });
  const client = useQueryClient();
  const { data: siblings } = useQuery(siblingsQuery(template));
  const several = (siblings?.length ?? 0) > 1 && template.status !== 'draft';
  const [all, setAll] = useState(false);
  const run = useMutation({
    mutationFn: () => deleteTemplate(template.id, all),
    onSuccess: async () => {
      await navigate({ to: '/templates', search });
      void client.invalidateQueries({ queryKey: ['templates'] });
      toast(t('templates.deleted', { name: template.name }));
    },
    onError: (error) => toast(refusalWords(t, error), { tone: 'danger' }),
  });
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      title={t('templates.deleteTitle', { name: template.name })}
      lead={t(template.status === 'draft' ? 'templates.deleteDraft' : 'templates.deleteLead', {
        language: languageName(template.language),
      })}
      actions={
        <>
          <Button variant="default" data-autofocus onClick={onClose}>
            {t('templates.keep')}
          </Button>
          <Button color="red" loading={run.isPending} onClick={() => run.mutate()}>
            {t('templates.deleteNow')}
          </Button>
        </>
      }
    >
      {several ? (
        <Checkbox
          label={t('templates.deleteAll', { count: siblings?.length ?? 0 })}
          checked={all}
          onChange={setAll}
        />
      ) : null}
    </Dialog>
  );
}
