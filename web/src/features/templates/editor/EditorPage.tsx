import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '~/api/problem';
import { numbersQuery } from '~/features/numbers/api';
import { Section } from '~/features/settings/Section';
import { useMay } from '~/features/settings/sections';
import { locale } from '~/texts/texts';
import { IconBack, IconLock } from '~/ui/icons';
import { backLink } from '~/ui/PageHead';
import { Skeleton } from '~/ui/Skeleton';
import { EmptyState, ErrorState } from '~/ui/States';
import { templateQuery } from '../list';
import { closures } from '../Notices';
import { useWabas } from '../TemplateFilters';
import { Editor } from './Editor';
import classes from './Editor.module.css';
import { emptyForm, formOf, isWritable } from './form';
import '../texts';

const forbidden = new Problem({ status: 403, code: 'forbidden' });

function Waiting({ title, back }: { title: string; back: ReactNode }) {
  return (
    <Section title={title} back={back} wide>
      <div className={classes.waiting} aria-hidden="true">
        <Skeleton height={520} />
        <Skeleton height={520} />
      </div>
    </Section>
  );
}

/** A template that is not there yet. */
export function NewTemplatePage() {
  const { t } = useTranslation();
  const search = useSearch({ from: '/signed-in/templates' });
  const mayWrite = useMay('templates.write');
  const { isPending } = useQuery(numbersQuery);
  const wabas = useWabas();
  const title = t('editor.newTitle');
  const back = (
    <Link to="/templates" search={search} className={backLink}>
      <IconBack size={16} strokeWidth={1.75} aria-hidden="true" />
      {t('doors.templates')}
    </Link>
  );
  if (!mayWrite) return <ErrorState error={forbidden} retry={() => undefined} />;
  if (isPending) return <Waiting title={title} back={back} />;
  const waba = wabas.find((each) => each.waba_id === search.waba) ?? wabas[0];
  const language = locale().startsWith('en') ? 'en_US' : '';
  return (
    <Editor template={null} initial={emptyForm(waba?.waba_id ?? '', language)} title={title} back={back} />
  );
}

/** A template that is there: a draft to go on with, or one that Meta has and takes changes of. */
export function EditTemplatePage() {
  const { t } = useTranslation();
  const { templateId } = useParams({ from: '/signed-in/templates/$templateId/edit' });
  const mayWrite = useMay('templates.write');
  const { data: template, error, isPending, refetch } = useQuery(templateQuery(templateId));
  const title = template ? t('editor.editTitle', { name: template.name }) : t('templates.one');
  const back = (
    <Link to="/templates/$templateId" params={{ templateId }} className={backLink}>
      <IconBack size={16} strokeWidth={1.75} aria-hidden="true" />
      {template?.name ?? t('templates.one')}
    </Link>
  );
  if (!mayWrite) return <ErrorState error={forbidden} retry={() => undefined} />;
  if (isPending) return <Waiting title={title} back={back} />;
  if (error && !template)
    return (
      <Section title={title} back={back} wide>
        <ErrorState error={error} retry={refetch} />
      </Section>
    );
  if (!template) return null;
  const writable = isWritable(template);
  const reason = closures.find((each) => each === template.editable?.reason);
  if (!writable || template.editable?.allowed === false)
    return (
      <Section title={title} back={back} wide>
        <EmptyState
          icon={<IconLock size={22} strokeWidth={1.75} />}
          title={t(writable ? 'editor.closed' : 'editor.notHere')}
          action={
            <Button component={Link} to={`/templates/${templateId}`} variant="default">
              {t('editor.toTemplate')}
            </Button>
          }
        >
          {writable ? (reason ? t(`templates.closed.${reason}`) : null) : t('editor.notHereText')}
        </EmptyState>
      </Section>
    );
  return (
    <Editor key={template.id} template={template} initial={formOf(template)} title={title} back={back} />
  );
}
