import { Skeleton } from '~/ui/Skeleton';
import classes from './ThreadSkeleton.module.css';

const shapes = [
  ['in', 220, 40],
  ['in', 160, 40],
  ['out', 260, 58],
  ['in', 190, 40],
  ['out', 180, 40],
  ['out', 300, 76],
  ['in', 240, 58],
] as const;

/** The grey shapes of bubbles, at the foot, where the newest will stand. */
export function ThreadSkeleton() {
  return (
    <div className={classes.shapes} aria-hidden="true">
      {shapes.map(([direction, width, height]) => (
        <span key={`${direction}-${width}`} className={classes.shape} data-direction={direction}>
          <Skeleton width={width} height={height} />
        </span>
      ))}
    </div>
  );
}
