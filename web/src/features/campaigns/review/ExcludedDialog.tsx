import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { wordsFor } from '~/api/words';
import { FormError } from '~/features/session/FormError';
import { count } from '~/lib/format';
import { useKept } from '~/lib/kept';
import { Avatar, colorOf, initialsOf } from '~/ui/Avatar';
import { Dialog } from '~/ui/Dialog';
import { Skeleton } from '~/ui/Skeleton';
import { excludedQuery } from '../api';
import classes from './Review.module.css';
import { mendOf, reasonHelp, reasonWords } from './reasons';

interface Props {
  campaignId: string;
  reason: { reason: string; count: number } | null;
  onClose: () => void;
}

/** The people behind one figure, and what can be done about it. */
export function ExcludedDialog({ campaignId, reason, onClose }: Props) {
  const { t } = useTranslation();
  const shown = useKept(reason);
  const list = useInfiniteQuery({
    ...excludedQuery(campaignId, reason?.reason ?? null),
    enabled: reason !== null,
  });
  const people = list.data?.pages.flatMap((page) => page.data);
  const mend = shown ? mendOf(shown.reason) : null;
  const title = shown
    ? t('excluded.titled', { shown: count(shown.count), reason: reasonWords(t, shown.reason) })
    : '';
  return (
    <Dialog
      opened={reason !== null}
      onClose={onClose}
      title={title}
      lead={shown ? reasonHelp(t, shown.reason) : undefined}
      actions={
        <>
          {mend ? (
            <Button
              component={Link}
              to="/campaigns/$campaignId/edit/$step"
              params={{ campaignId, step: mend } as never}
              variant="default"
              onClick={onClose}
            >
              {t('review.mend', { step: t(`builder.steps.${mend}`) })}
            </Button>
          ) : null}
          <Button onClick={onClose}>{t('actions.close')}</Button>
        </>
      }
    >
      {list.isError && !people ? <FormError>{wordsFor(t, list.error)}</FormError> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <section className={classes.peopleBox} tabIndex={0} aria-label={title}>
        <ul className={classes.people}>
          {list.isPending
            ? [1, 2, 3].map((each) => (
                <li key={each}>
                  <Skeleton width={200} />
                </li>
              ))
            : null}
          {people?.map((person) => (
            <li key={person.id}>
              <Avatar initials={initialsOf(person.name ?? '')} color={colorOf(person.id)} size={28} />
              <span className={classes.personWords}>
                <bdi>{person.name || t('contact.nameless')}</bdi>
                {person.phone ? <bdi className={classes.phone}>{person.phone}</bdi> : null}
              </span>
            </li>
          ))}
        </ul>
        {list.hasNextPage ? (
          <Button
            variant="default"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {t('campaigns.more')}
          </Button>
        ) : null}
      </section>
    </Dialog>
  );
}
