import type { ReactNode } from 'react';
import { Note } from '~/ui/Note';
import classes from './StepPart.module.css';

interface Props {
  id: string;
  title: string;
  /** One line below the title. */
  lead?: string;
  /** More than a line, kept to what is read with ease. */
  help?: string;
  children: ReactNode;
}

/** A part of a step under a heading of its own. */
export function StepPart({ id, title, lead, help, children }: Props) {
  return (
    <section className={classes.part} aria-labelledby={id}>
      <div>
        <h2 id={id} className={classes.title}>
          {title}
        </h2>
        {lead ? <p className={classes.lead}>{lead}</p> : null}
        {help ? <Note>{help}</Note> : null}
      </div>
      {children}
    </section>
  );
}
