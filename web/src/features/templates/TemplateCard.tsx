import type { ReactNode } from 'react';
import { FormattedText } from '~/features/messages/FormattedText';
import { type ButtonRow, ButtonRows } from './ButtonRows';
import classes from './TemplateCard.module.css';

interface Props {
  /** A picture, film, document or place above the words. */
  above?: ReactNode;
  title?: string;
  body: string;
  footer?: string;
  buttons: ButtonRow[];
  stamp?: ReactNode;
}

/** A template, or any message built like one: header, body, footer, buttons. */
export function TemplateCard({ above, title, body, footer, buttons, stamp }: Props) {
  return (
    <div className={classes.card}>
      {above}
      {title ? (
        <p className={classes.title} dir="auto">
          {title}
        </p>
      ) : null}
      <FormattedText text={body} end={footer ? null : stamp} />
      {footer ? (
        <div className={classes.footer} dir="auto">
          {footer}
          {stamp}
        </div>
      ) : null}
      <ButtonRows rows={buttons} />
    </div>
  );
}
