import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Section } from '~/features/settings/Section';
import { IconDone } from '~/ui/icons';
import { Segments } from '~/ui/Segments';
import { Skeleton } from '~/ui/Skeleton';
import { EmptyState, ErrorState } from '~/ui/States';
import { deadLettersQuery } from './api';
import { DeadLetterCard } from './DeadLetterCard';
import classes from './DeadLettersPage.module.css';
import { useHeld } from './held';

const states = ['open', 'replayed', 'discarded'] as const;

/** Items of webhooks that could not be applied, until somebody replays or discards them. */
export function DeadLettersPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const state = useSearch({ from: '/signed-in/settings/dead-letters' }).state ?? 'open';
  const { data, error, isPending, refetch } = useQuery(deadLettersQuery(state));
  const held = useHeld();
  const letters = data?.data.filter((letter) => !held.has(letter.id));
  return (
    <Section title={t('settings.sections.deadLetters')} lead={t('deadLetters.lead')}>
      <Segments
        name="state"
        label={t('deadLetters.which')}
        value={state}
        onChange={(value) =>
          void navigate({
            to: '/settings/dead-letters',
            search: value === 'replayed' || value === 'discarded' ? { state: value } : {},
            replace: true,
          })
        }
        choices={states.map((each) => ({ value: each, text: t(`deadLetters.state.${each}`) }))}
      />
      {error && !data ? <ErrorState error={error} retry={refetch} /> : null}
      {letters?.length === 0 ? (
        <EmptyState icon={<IconDone size={22} strokeWidth={1.75} />} title={t(`deadLetters.none.${state}`)}>
          {t(`deadLetters.noneText.${state}`)}
        </EmptyState>
      ) : null}
      <ul className={classes.letters}>
        {isPending
          ? [70, 50, 60].map((width) => (
              <li key={width} className={classes.letter} aria-hidden="true">
                <Skeleton width={`${width}%`} height={14} />
                <Skeleton width="90%" height={10} />
              </li>
            ))
          : null}
        {letters?.map((letter) => (
          <DeadLetterCard key={letter.id} letter={letter} />
        ))}
      </ul>
      {data?.next_cursor ? <p className={classes.more}>{t('deadLetters.more')}</p> : null}
    </Section>
  );
}
