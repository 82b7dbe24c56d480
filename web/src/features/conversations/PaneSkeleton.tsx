import { ThreadSkeleton } from '~/features/messages/ThreadSkeleton';
import { Skeleton } from '~/ui/Skeleton';
import classes from './ThreadPane.module.css';

/** A thread of which nothing is known yet, in the shape that it will have. */
export function PaneSkeleton() {
  return (
    <div className={classes.pane} aria-hidden="true">
      <div className={classes.bar}>
        <Skeleton width={36} height={36} round />
        <Skeleton width={140} height={12} />
      </div>
      <div className={classes.waiting}>
        <ThreadSkeleton />
      </div>
    </div>
  );
}
