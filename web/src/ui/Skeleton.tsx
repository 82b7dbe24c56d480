import classes from './Skeleton.module.css';

interface Props {
  width?: number | string;
  height?: number;
  round?: boolean;
}

/** The grey shape of what is coming. */
export function Skeleton({ width = '100%', height = 12, round = false }: Props) {
  return (
    <span
      className={classes.skeleton}
      aria-hidden="true"
      data-skeleton
      style={{ inlineSize: width, blockSize: height, borderRadius: round ? '50%' : 6 }}
    />
  );
}
