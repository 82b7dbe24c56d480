import { useEffect } from 'react';
import { Skeleton } from '~/ui/Skeleton';
import { ErrorState } from '~/ui/States';
import { OngoingReview } from '../ongoing/OngoingReview';
import { VersionReview } from '../ongoing/VersionReview';
import { Letter } from '../review/Letter';
import { Problems } from '../review/Problems';
import classes from '../review/Review.module.css';
import { useReview } from '../review/useReview';
import type { Draft } from './useDraft';
import { useFacts } from './useFacts';

/** What would happen, worked out by the same code that sends. */
export function ReviewStep({ draft }: { draft: Draft }) {
  if (draft.version) return <VersionReview draft={draft} version={draft.version} />;
  return draft.campaign.kind === 'ongoing' ? <OngoingReview draft={draft} /> : <OnceReview draft={draft} />;
}

function OnceReview({ draft }: { draft: Draft }) {
  const { campaign, flush } = draft;
  const facts = useFacts(campaign);
  useEffect(() => {
    void flush();
  }, [flush]);
  const { data: review, error, refetch } = useReview(draft);
  if (!review) return error ? <ErrorState error={error} retry={refetch} /> : <ReviewSkeleton />;
  return (
    <>
      <Problems campaign={campaign} problems={review.problems} />
      <Letter campaign={campaign} review={review} facts={facts} />
    </>
  );
}

function ReviewSkeleton() {
  return (
    <div className={classes.letter} aria-hidden="true">
      {[120, 220, 90, 160].map((height) => (
        <div key={height} className={classes.paragraph}>
          <Skeleton width={96} height={14} />
          <Skeleton height={height} />
        </div>
      ))}
    </div>
  );
}
