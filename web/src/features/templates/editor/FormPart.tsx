import { type ReactNode, useId } from 'react';
import classes from './Editor.module.css';

interface Props {
  title: string;
  lead?: ReactNode;
  /** Beside the title. */
  action?: ReactNode;
  children: ReactNode;
}

/** A part of the form under its heading. */
export function FormPart({ title, lead, action, children }: Props) {
  const id = useId();
  return (
    <section className={classes.part} aria-labelledby={id}>
      <div className={classes.partHead}>
        <div className={classes.partWords}>
          <h2 id={id} className={classes.partTitle}>
            {title}
          </h2>
          {lead ? <p className={classes.partLead}>{lead}</p> : null}
        </div>
        {action}
      </div>
      {children}
    </section>
  );
}
