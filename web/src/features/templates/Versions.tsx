import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Template } from '~/api/contract';
import { exact } from '~/lib/format';
import { Dialog } from '~/ui/Dialog';
import { Part } from '~/ui/Part';
import { When } from '~/ui/When';
import { versionsQuery } from './list';
import { examplesOf } from './preview/drawing';
import { TemplatePreview } from './preview/TemplatePreview';
import classes from './TemplatePage.module.css';

/** What the template said before, newest first; each can be looked at. */
export function Versions({ template }: { template: Template }) {
  const { t } = useTranslation();
  const { data } = useQuery(versionsQuery(template.id));
  const [shown, setShown] = useState<number | null>(null);
  if (!data || data.length < 2) return null;
  const version = data.find((each) => each.no === shown);
  return (
    <Part small title={t('templates.history')} lead={t('templates.historyLead')}>
      <ol className={classes.versions}>
        {data.map((each) => (
          <li key={each.no} className={classes.version}>
            <span className={classes.number}>{t('templates.version', { number: each.no })}</span>
            <span className={classes.when}>
              <When at={each.at} />
              {each.origin === 'meta' ? <span>{t('templates.writtenElsewhere')}</span> : null}
            </span>
            <button type="button" className={classes.look} onClick={() => setShown(each.no)}>
              {t('templates.look')}
            </button>
          </li>
        ))}
      </ol>
      <Dialog
        opened={Boolean(version)}
        onClose={() => setShown(null)}
        title={t('templates.version', { number: shown ?? 0 })}
        lead={version ? exact(version.at) : undefined}
      >
        {version ? (
          <TemplatePreview
            components={version.components}
            values={examplesOf(version.components)}
            language={template.language}
          />
        ) : null}
      </Dialog>
    </Part>
  );
}
