import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Skeleton } from '~/ui/Skeleton';
import { ErrorState } from '~/ui/States';
import type { Draft } from '../builder/useDraft';
import { useFacts } from '../builder/useFacts';
import { Paragraph } from '../review/Paragraph';
import { Problems } from '../review/Problems';
import classes from '../review/Review.module.css';
import { BacktestPart } from './BacktestPart';
import { mayTry } from './trigger';
import { useBacktest } from './useBacktest';
import { useStartProblems } from './useStartProblems';
import { WrittenOut } from './WrittenOut';

/** Everything in words, what stands in the way, and what it would have done in the past. */
export function OngoingReview({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  const { campaign, flush } = draft;
  const facts = useFacts(campaign);
  useEffect(() => {
    void flush();
  }, [flush]);
  const { problems, ready, error, refetch } = useStartProblems(draft);
  if (error) return <ErrorState error={error} retry={refetch} />;
  return (
    <>
      <Problems campaign={campaign} problems={problems} />
      <div className={classes.letter}>
        <WrittenOut campaign={campaign} facts={facts} />
        {problems.length > 0 ? null : (
          <Paragraph title={t('ongoing.past.title')} wide>
            <Past draft={draft} ready={ready} />
          </Paragraph>
        )}
      </div>
    </>
  );
}

/** The past month, where what starts it is kept; asked once nothing stands in the way. */
function Past({ draft, ready }: { draft: Draft; ready: boolean }) {
  const { t } = useTranslation();
  const { ongoing } = draft.campaign;
  const kept = mayTry(ongoing?.trigger);
  const { data, error, refetch } = useBacktest(draft, ready && kept);
  if (!kept) return <p>{t('ongoing.past.notKept')}</p>;
  if (error) return <ErrorState error={error} retry={refetch} />;
  return data ? (
    <BacktestPart backtest={data} variants={ongoing?.variants ?? []} />
  ) : (
    <Skeleton height={280} />
  );
}
