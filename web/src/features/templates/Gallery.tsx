import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Template } from '~/api/contract';
import { languageName } from '~/lib/format';
import { Skeleton } from '~/ui/Skeleton';
import classes from './Gallery.module.css';
import { examplesOf } from './preview/drawing';
import { TemplateBubble } from './preview/TemplateBubble';
import { StatusChip } from './StatusChip';
import type { TemplatesSearch } from './search';

/** The templates as they arrive, side by side; each picture is the door to its page. */
export function Gallery({ templates, search }: { templates: Template[]; search: TemplatesSearch }) {
  const { t } = useTranslation();
  return (
    <ul className={classes.gallery}>
      {templates.map((template) => (
        <li key={template.id} className={classes.card}>
          {/* A picture: its buttons press nothing here, and the card says the same in words. */}
          <div className={classes.stage} inert>
            <TemplateBubble
              components={template.components}
              values={examplesOf(template.components)}
              language={template.language}
            />
          </div>
          <div className={classes.foot}>
            <Link
              to="/templates/$templateId"
              params={{ templateId: template.id }}
              search={search}
              className={classes.door}
            >
              {template.name}
            </Link>
            <span className={classes.about}>
              <StatusChip status={template.status} />
              <span className={classes.words}>
                {t('templates.categoryAndLanguage', {
                  category: t(`templates.categories.${template.category}`),
                  language: languageName(template.language),
                })}
              </span>
            </span>
          </div>
        </li>
      ))}
    </ul>
  );
}

export function GallerySkeleton() {
  return (
    <div className={classes.gallery} aria-hidden="true">
      {[0, 1, 2, 3, 4, 5].map((each) => (
        <Skeleton key={each} height={340} />
      ))}
    </div>
  );
}
