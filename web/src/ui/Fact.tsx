import type { ReactNode } from 'react';
import classes from './Fact.module.css';

interface Props {
  name: string;
  /** Said on hover where the name alone would not do. */
  help?: string;
  /** For ids and addresses, which run left to right in every language. */
  mono?: boolean;
  children: ReactNode;
}

/** One thing that is known, under its name; belongs into a `dl`. */
export function Fact({ name, help, mono, children }: Props) {
  return (
    <div className={classes.fact}>
      <dt className={classes.name} data-tip={help} data-help={help ? '' : undefined}>
        {name}
      </dt>
      <dd className={classes.value} data-mono={mono || undefined} dir={mono ? 'ltr' : undefined}>
        {children}
      </dd>
    </div>
  );
}

/** Things that are known, as many beside each other as there is room for. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className={classes.facts}>{children}</dl>;
}
