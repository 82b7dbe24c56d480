import type { ReactNode } from 'react';
import { FormattedText, WithPlaces } from '~/features/messages/FormattedText';
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
  /** Shows what is not filled in yet. */
  places?: boolean;
  /** Opens all the buttons where the phone would; in place when nothing is said. */
  onAll?: () => void;
}

/** A template, or any message built like one: header, body, footer, buttons. */
export function TemplateCard({ above, title, body, footer, buttons, stamp, places, onAll }: Props) {
  return (
    <div className={classes.card}>
      {above}
      {title ? (
        <p className={classes.title} dir="auto">
          {places ? <WithPlaces text={title} /> : title}
        </p>
      ) : null}
      <FormattedText text={body} end={footer ? null : stamp} places={places} />
      {footer ? (
        <div className={classes.footer} dir="auto">
          {footer}
          {stamp}
        </div>
      ) : null}
      <ButtonRows rows={buttons} onAll={onAll} />
    </div>
  );
}
