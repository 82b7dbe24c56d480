import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { wordsFor } from '~/api/words';
import { segmentsQuery } from '~/features/segments/api';
import { FormError } from '~/features/session/FormError';
import { IconCheck, IconX } from '~/ui/icons';
import { Skeleton } from '~/ui/Skeleton';
import { whyQuery } from './api';
import type { Filter } from './contract';
import { useNames } from './useNames';
import classes from './WhyTree.module.css';
import { type Reason, reasons } from './why';

interface Props {
  filter: Filter;
  contactId: string;
  /** What the filter is called, where it has a name. */
  name?: string;
}

/** Whether a filter finds somebody, and the answer of each of its parts. */
export function WhyTree({ filter, contactId, name }: Props) {
  const { t } = useTranslation();
  const names = useNames();
  const { data: segments } = useQuery(segmentsQuery);
  const { data, error } = useQuery(whyQuery(filter, contactId));
  if (error && !data) return <FormError>{wordsFor(t, error, { invalid: t('audience.wrong') })}</FormError>;
  if (!data)
    return (
      <div className={classes.waiting} aria-hidden="true">
        <Skeleton width="55%" height={14} />
        <Skeleton width="80%" />
        <Skeleton width="70%" />
      </div>
    );
  const root = reasons(t, filter, data, names, (id) => segments?.find((each) => each.id === id)?.filter);
  const says = name
    ? t(data.found ? 'why.inNamed' : 'why.notInNamed', { name })
    : t(data.found ? 'why.in' : 'why.notIn');
  return (
    <>
      <p className={classes.answer}>
        <Sign found={data.found} helps={data.found} />
        <strong>{says}</strong>
      </p>
      {root.parts.length > 0 ? (
        <>
          <p className={classes.join}>{root.words}</p>
          <Parts parts={root.parts} />
        </>
      ) : (
        <Parts parts={[root]} />
      )}
    </>
  );
}

function Parts({ parts }: { parts: Reason[] }) {
  const { t } = useTranslation();
  return (
    <ul className={classes.parts}>
      {parts.map((part) => (
        <li key={part.id} className={classes.part}>
          <Sign found={part.found} helps={part.helps} />
          <span className={classes.words}>
            <span className={classes.clause}>{part.words}</span>
            <span className="visually-hidden">{t(part.found ? 'why.true' : 'why.false')}</span>
            {part.has === null ? null : (
              <span className={classes.has} dir="auto">
                {part.has}
              </span>
            )}
            {part.parts.length > 0 ? <Parts parts={part.parts} /> : null}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Its shape says whether it is true, its colour whether that is for or against the person. */
function Sign({ found, helps }: { found: boolean; helps: boolean }) {
  const Icon = found ? IconCheck : IconX;
  return (
    <span className={classes.sign} data-helps={helps || undefined} aria-hidden="true">
      <Icon size={12} strokeWidth={2.5} />
    </span>
  );
}
