import classes from './FlagField.module.css';

const CELL = 64;
const COLUMNS = 12;
const ROWS = 16;

/** Shapes of signal flags, in the unit square. */
const shapes = [
  'M0 0h1v1z',
  'M0 0v1h1z',
  'M0 0h.5v1H0z',
  'M0 0h1v.5H0z',
  'M0 0h.5v.5H0zM.5 .5h.5v.5H.5z',
  'M0 .34h1v.32H0z',
  'M.25 .25h.5v.5H.25z',
  'M.5 0L1 .5L.5 1L0 .5z',
] as const;

function noise(seed: number): number {
  const value = Math.sin(seed * 127.1 + 311.7) * 43_758.5453;
  return value - Math.floor(value);
}

/** A wall of signal flags: blue on blue, here and there one in yellow. Decoration only. */
export function FlagField() {
  const cells = Array.from({ length: COLUMNS * ROWS }, (_, index) => {
    const column = index % COLUMNS;
    const row = Math.floor(index / COLUMNS);
    const shape = shapes[Math.floor(noise(index + 1) * shapes.length)] ?? shapes[0];
    const lit = noise(index * 3.7 + 9) > 0.955;
    return (
      <g key={`${column}-${row}`} transform={`translate(${column * CELL} ${row * CELL}) scale(${CELL})`}>
        <rect width="1" height="1" className={classes.cloth} opacity={0.25 + noise(index * 1.9) * 0.75} />
        <path
          d={shape}
          className={lit ? classes.lit : classes.figure}
          opacity={lit ? 1 : 0.15 + noise(index * 5.3) * 0.6}
        />
      </g>
    );
  });
  return (
    <svg
      className={classes.field}
      viewBox={`0 0 ${COLUMNS * CELL} ${ROWS * CELL}`}
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
      focusable="false"
    >
      {cells}
    </svg>
  );
}
