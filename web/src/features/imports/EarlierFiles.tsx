import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { count } from '~/lib/format';
import { IconChevronRight, IconTable } from '~/ui/icons';
import { When } from '~/ui/When';
import { importListQuery } from './api';
import classes from './ImportPanel.module.css';
import type { ImportSummary } from './importing';

/** The files that were brought in lately: each leads to what came of it, and back to before it. */
export function EarlierFiles({ onOpen }: { onOpen: (id: string) => void }) {
  const { t } = useTranslation();
  const { data } = useQuery(importListQuery);
  if (!data || data.length === 0) return null;
  const standing = ({ state, undo_state: undo, created, updated }: ImportSummary): string => {
    if (undo) return t(`imports.earlier.undo.${undo}`);
    if (state !== 'done') return t(`imports.earlier.${state}`);
    return t('imports.earlier.done', { created: count(created), updated: count(updated) });
  };
  return (
    <section className={classes.earlier} aria-labelledby="earlier-files">
      <h2 id="earlier-files" className={classes.earlierTitle}>
        {t('imports.earlier.title')}
      </h2>
      <ul className={classes.earlierList}>
        {data.map((file) => (
          <li key={file.id}>
            <button type="button" className={classes.earlierFile} onClick={() => onOpen(file.id)}>
              <IconTable size={18} strokeWidth={1.75} aria-hidden="true" />
              <span className={classes.earlierWords}>
                <bdi className={classes.heading}>{file.filename}</bdi>
                <span className={classes.note}>{standing(file)}</span>
              </span>
              <span className={classes.note}>{file.started_at ? <When at={file.started_at} /> : null}</span>
              <IconChevronRight size={16} aria-hidden="true" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
