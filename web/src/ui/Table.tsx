import type { ReactNode } from 'react';
import { Skeleton } from './Skeleton';
import classes from './Table.module.css';

interface TableProps {
  label: string;
  head: ReactNode;
  /** Columns keep their widths whatever rows come; what does not fit is shortened. */
  fixed?: boolean;
  children: ReactNode;
}

/** A table in a frame; its head stays in sight while the page scrolls. */
export function Table({ label, head, fixed, children }: TableProps) {
  return (
    <div className={classes.frame}>
      <table className={classes.table} data-fixed={fixed || undefined} aria-label={label}>
        <thead>
          <tr>{head}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

interface CellProps {
  children?: ReactNode;
  /** Figures and actions stand at the end of their column. */
  end?: boolean;
  /** Left out where the page is narrow; `most` already where it is not wide. */
  wide?: boolean | 'most';
  /** Only as wide as what is in it. */
  tight?: boolean;
}

export function Th({ children, end, wide, tight }: CellProps) {
  return (
    <th scope="col" className={classes.head} data-end={end} data-wide={wide} data-tight={tight}>
      {children}
    </th>
  );
}

export function Td({ children, end, wide, tight }: CellProps) {
  return (
    <td className={classes.cell} data-end={end} data-wide={wide} data-tight={tight}>
      {children}
    </td>
  );
}

/** A row that is a door: the link or button inside with `rowDoor` covers it. */
export function Row({ children, selected }: { children: ReactNode; selected?: boolean }) {
  return (
    <tr className={classes.row} data-selected={selected || undefined}>
      {children}
    </tr>
  );
}

/** The class of the one link that a whole row stands for. */
export const rowDoor = classes.door ?? '';

/** The class of what stands below in a cell while its own column is left out. */
export const narrowOnly = classes.narrow ?? '';

/** Two lines in a cell: what it is, and what one may want to know about it. */
export function Lines({ first, second }: { first: ReactNode; second: ReactNode }) {
  return (
    <span className={classes.lines}>
      <span className={classes.first}>{first}</span>
      <span className={classes.second}>{second}</span>
    </span>
  );
}

const widths = ['62%', '48%', '70%', '55%', '66%', '44%'];

/** Rows before they are here. */
export function SkeletonRows({ columns, rows = 5 }: { columns: number; rows?: number }) {
  return widths.slice(0, rows).map((width) => (
    <tr key={width} className={classes.row}>
      {Array.from({ length: columns }, (_, column) => column).map((column) => (
        <td key={column} className={classes.cell} data-wide={column > 1 || undefined}>
          <Skeleton width={column === 0 ? width : '60%'} />
        </td>
      ))}
    </tr>
  ));
}
