import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { givenWords, keyWords } from '~/features/contacts/given';
import { IconChevronRight } from '~/ui/icons';
import { When } from '~/ui/When';
import { eventsQuery, type TrackedEvent } from './api';
import classes from './EventTimeline.module.css';

/** What somebody did, the latest first; particulars unfold. Nothing at all where nothing was told. */
export function EventTimeline({ contactId, className }: { contactId: string; className?: string }) {
  const { t } = useTranslation();
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(eventsQuery(contactId));
  const events = data?.pages.flatMap((page) => page.data) ?? [];
  if (events.length === 0) return null;
  return (
    <section className={className}>
      <h3>{t('panel.events')}</h3>
      <ol className={classes.events}>
        {events.map((event) => (
          <li key={event.id} className={classes.event}>
            <EventLine event={event} />
          </li>
        ))}
      </ol>
      {hasNextPage ? (
        <button
          type="button"
          className={classes.more}
          disabled={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {t('panel.moreEvents')}
        </button>
      ) : null}
    </section>
  );
}

function EventLine({ event: { name, occurred_at: at, properties } }: { event: TrackedEvent }) {
  const { t } = useTranslation();
  const particulars = Object.entries(properties).flatMap(([key, value]) => {
    const words = givenWords(t, value);
    return words === null ? [] : [{ key, words }];
  });
  const head = (
    <>
      <bdi className={classes.name}>{name}</bdi>
      <span className={classes.when}>
        <When at={at} everyMs={60_000} />
      </span>
    </>
  );
  if (particulars.length === 0) return <div className={classes.head}>{head}</div>;
  return (
    <details className={classes.details}>
      <summary className={classes.head}>
        {head}
        <IconChevronRight size={14} strokeWidth={2} aria-hidden="true" />
      </summary>
      <dl className={classes.particulars}>
        {particulars.map(({ key, words }) => (
          <div key={key}>
            <dt>{keyWords(key)}</dt>
            <dd dir="auto">{words}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
