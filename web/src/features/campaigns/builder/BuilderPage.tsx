import { Navigate, useParams } from '@tanstack/react-router';
import { Skeleton } from '~/ui/Skeleton';
import { ErrorState } from '~/ui/States';
import { VersionBuilder } from '../ongoing/VersionBuilder';
import { mayChange } from '../ongoing/versions';
import { stepOf } from '../search';
import { Builder } from './Builder';
import classes from './Builder.module.css';
import { useDraft } from './useDraft';
import '../texts';

/** A draft in steps, or the next version of one that is on. */
export function BuilderPage() {
  const { campaignId, step } = useParams({ from: '/signed-in/campaigns/$campaignId/edit/$step' });
  const { draft, error, refetch } = useDraft(campaignId);
  if (!draft) return error ? <ErrorState error={error} retry={refetch} /> : <BuilderSkeleton />;
  const at = stepOf(step, draft.campaign);
  if (mayChange(draft.campaign)) return <VersionBuilder saved={draft.campaign} step={at} />;
  if (draft.campaign.state !== 'draft')
    return <Navigate to="/campaigns/$campaignId" params={{ campaignId }} replace />;
  return <Builder draft={draft} step={at} />;
}

function BuilderSkeleton() {
  return (
    <div className={classes.builder} aria-hidden="true">
      <div className={classes.bar}>
        <Skeleton width={220} height={20} />
      </div>
      <div className={classes.columns}>
        <div className={classes.steps}>
          {[120, 90, 80, 100, 90].map((width, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: grey shapes that never move.
            <Skeleton key={index} width={width} height={20} />
          ))}
        </div>
        <div className={classes.main}>
          <div className={classes.content}>
            <Skeleton width={260} height={24} />
            <Skeleton height={240} />
          </div>
        </div>
        <div className={classes.soFar}>
          <Skeleton height={180} />
        </div>
      </div>
    </div>
  );
}
