import type { ReactNode } from 'react';
import classes from './Card.module.css';
import { Skeleton } from './Skeleton';

interface Props {
  name: string;
  /** How it stands, at the end of its head. */
  chip?: ReactNode;
  children: ReactNode;
}

/** One of a page's few things: its name and how it stands, and below what is known of it. */
export function Card({ name, chip, children }: Props) {
  return (
    <section className={classes.card} aria-label={name}>
      <header className={classes.top}>
        <h2 className={classes.name}>
          <bdi>{name}</bdi>
        </h2>
        {chip}
      </header>
      {children}
    </section>
  );
}

/** The grey shape of a card: its name, and a block for each height. */
export function CardSkeleton({ blocks }: { blocks: { width: string; height: number }[] }) {
  return (
    <div className={classes.card} aria-hidden="true">
      <Skeleton width="40%" height={16} />
      {blocks.map(({ width, height }) => (
        <Skeleton key={`${width} ${height}`} width={width} height={height} />
      ))}
    </div>
  );
}

/** Something of a card or of a sheet, under its name and with a word about it below. */
export function Labelled({
  label,
  help,
  children,
}: {
  label: string;
  help?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div>
      <p className={classes.label}>{label}</p>
      {children}
      {help ? <p className={classes.help}>{help}</p> : null}
    </div>
  );
}
