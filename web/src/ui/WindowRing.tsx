import classes from './WindowRing.module.css';

const FULL = 24 * 3_600_000;
/** Amber below this. */
export const SOON = 4 * 3_600_000;

interface Props {
  leftMs: number;
  size?: number;
  label: string;
}

/** The service window as a ring that runs out: green, amber under four hours, grey and empty when closed. */
export function WindowRing({ leftMs, size = 16, label }: Props) {
  const radius = size / 2 - 1.5;
  const around = 2 * Math.PI * radius;
  const share = Math.max(0, Math.min(1, leftMs / FULL));
  const tone = leftMs <= 0 ? 'closed' : leftMs < SOON ? 'soon' : 'open';
  return (
    <svg width={size} height={size} className={classes.ring} data-tone={tone} role="img" aria-label={label}>
      <circle cx={size / 2} cy={size / 2} r={radius} className={classes.track} />
      {share > 0 ? (
        <circle
          cx={size / 2}
          cy={size / 2}
          r={radius}
          className={classes.rest}
          strokeDasharray={`${around * share} ${around}`}
          transform={`rotate(-90 ${size / 2} ${size / 2})`}
        />
      ) : (
        <path d={`M${size * 0.34} ${size / 2}h${size * 0.32}`} className={classes.bar} />
      )}
    </svg>
  );
}
