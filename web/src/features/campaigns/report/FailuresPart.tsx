import { Link } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import { count } from '~/lib/format';
import type en from '~/texts/en';
import { Skeleton } from '~/ui/Skeleton';
import type { Funnel, Report } from '../contract';
import { reasonWords } from '../review/reasons';
import classes from './Report.module.css';

/** Why a message failed and what to do, in the words of the thread. */
export function failureWords(t: TFunction<'texts'>, reason: string): string {
  const key = `failures.${reason}`;
  return t(
    i18next.exists(key) ? (key as `failures.${keyof typeof en.failures & string}`) : 'failures.generic',
  );
}

/** What went wrong and who was left out, each with its reason, its mend and the people behind it. */
export function FailuresPart({ campaignId, report }: { campaignId: string; report: Report }) {
  const { t } = useTranslation();
  const { failures, skipped } = report;
  if (failures.length === 0 && (skipped ?? []).length === 0)
    return <p className={classes.quiet}>{t('report.noFailures')}</p>;
  return (
    <ul className={classes.reasons}>
      {failures.map((each) => (
        <li key={`${each.reason} ${each.code}`} className={classes.reasonRow}>
          <span className={classes.reasonWords}>
            {failureWords(t, each.reason)}
            {each.code ? (
              <span className={classes.code}> {t('bubble.code', { code: each.code })}</span>
            ) : null}
          </span>
          <People campaignId={campaignId} state="failed" reason={each.reason} value={each.count} />
        </li>
      ))}
      {(skipped ?? []).map((each) => (
        <li key={each.reason} className={classes.reasonRow}>
          <span className={classes.reasonWords}>
            {t('report.leftOut', { reason: reasonWords(t, each.reason) })}
          </span>
          <People campaignId={campaignId} state="skipped" reason={each.reason} value={each.count} />
        </li>
      ))}
    </ul>
  );
}

/** Rows that are drawn before it is known how many there are. */
const MOST_GREY = 3;

/** The room of what went wrong, as far as the figures of the campaign tell it. */
export function FailuresSkeleton({ funnel }: { funnel: Funnel }) {
  const { t } = useTranslation();
  const people = funnel.failed + funnel.skipped;
  if (people === 0) return <p className={classes.quiet}>{t('report.noFailures')}</p>;
  return (
    <ul className={classes.reasons} aria-hidden="true">
      {Array.from({ length: Math.min(MOST_GREY, people) }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: grey rows are all alike.
        <li key={at} className={classes.reasonRow}>
          <span className={classes.grey}>
            <Skeleton width={`${72 - at * 14}%`} />
          </span>
          <span className={classes.grey}>
            <Skeleton width={24} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function People({
  campaignId,
  state,
  reason,
  value,
}: {
  campaignId: string;
  state: string;
  reason: string;
  value: number;
}) {
  const { t } = useTranslation();
  return (
    <Link
      to="/campaigns/$campaignId"
      params={{ campaignId }}
      search={{ state, reason }}
      hash="people"
      className={classes.reasonCount}
      aria-label={t('report.showPeople', { count: value })}
    >
      {count(value)}
    </Link>
  );
}
