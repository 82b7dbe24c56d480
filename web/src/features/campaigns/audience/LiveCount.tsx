import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { wordsFor } from '~/api/words';
import { countQuery } from '~/features/audience/api';
import type { Filter } from '~/features/audience/contract';
import { FormError } from '~/features/session/FormError';
import { templateQuery } from '~/features/templates/list';
import { count } from '~/lib/format';
import { Avatar } from '~/ui/Avatar';
import { IconAlert } from '~/ui/icons';
import { Skeleton } from '~/ui/Skeleton';
import classes from './AudienceStep.module.css';

const PAUSE_MS = 300;
/** So many by name. */
const SHOWN = 4;

interface Props {
  filter: Filter | null;
  template: string | null;
}

const agreed = (filter: Filter | null): Filter | null =>
  filter && { all: [filter, { consent: { category: 'marketing', state: 'granted' } }] };

/** How many people a filter means right now, some of them by name, and how many agreed to marketing. */
export function LiveCount({ filter, template }: Props) {
  const { t } = useTranslation();
  const [asked] = useDebouncedValue(filter, PAUSE_MS);
  const { data: chosen } = useQuery({ ...templateQuery(template ?? ''), enabled: template !== null });
  const all = useQuery({ ...countQuery(asked), placeholderData: (old) => old });
  const willing = useQuery({ ...countQuery(agreed(asked)), placeholderData: (old) => old });
  const marketing = !chosen || chosen.category === 'marketing';
  const old = asked !== filter || all.isPlaceholderData;
  if (!filter) return <p className={classes.of}>{t('audience.nothingChosen')}</p>;
  if (all.isError && !all.data) return <FormError>{wordsFor(t, all.error)}</FormError>;
  const counted = all.data;
  const agreeing = willing.data?.count;
  return (
    <section
      className={classes.count}
      aria-label={t('audience.countName')}
      aria-live="polite"
      aria-busy={old}
    >
      <div className={classes.figure}>
        {counted ? (
          <span className={classes.number} data-old={old || undefined}>
            {count(counted.count)}
          </span>
        ) : (
          <Skeleton width={72} height={32} />
        )}
        <span className={classes.of}>{t('audience.people', { count: counted?.count ?? 0 })}</span>
      </div>
      <div className={classes.sample}>
        {counted?.sample.slice(0, SHOWN).map((person) => {
          const name = person.name || person.profile_name || person.phone || t('contact.nameless');
          return (
            <span key={person.id} className={classes.person}>
              <Avatar initials={person.initials} color={person.color} size={22} />
              <bdi>{name}</bdi>
            </span>
          );
        })}
        {counted && counted.count > SHOWN && counted.sample.length > 0 ? (
          <span className={classes.of}>
            {t('audience.andMore', { shown: count(counted.count - Math.min(SHOWN, counted.sample.length)) })}
          </span>
        ) : null}
      </div>
      {counted && marketing && agreeing !== undefined && agreeing < counted.count ? (
        <p className={classes.warn}>
          <IconAlert size={16} strokeWidth={1.75} aria-hidden="true" />
          <span>
            {t('audience.agreed', { count: agreeing, shown: count(agreeing), all: count(counted.count) })}
          </span>
        </p>
      ) : null}
    </section>
  );
}
