import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Template } from '~/api/contract';
import { languageName } from '~/lib/format';
import { Part } from '~/ui/Part';
import { siblingsQuery } from './list';
import { StatusChip } from './StatusChip';
import classes from './TemplatePage.module.css';

/** The same template in its other languages; none is shown where there is only one. */
export function Siblings({ template }: { template: Template }) {
  const { t } = useTranslation();
  const { data } = useQuery(siblingsQuery(template));
  if (!data || data.length < 2) return null;
  return (
    <Part small title={t('templates.languages')}>
      <ul className={classes.siblings}>
        {data.map((each) => (
          <li key={each.id}>
            <Link
              to="/templates/$templateId"
              params={{ templateId: each.id }}
              className={classes.sibling}
              aria-current={each.id === template.id ? 'page' : undefined}
            >
              <span>{languageName(each.language)}</span>
              <StatusChip status={each.status} />
            </Link>
          </li>
        ))}
      </ul>
    </Part>
  );
}
