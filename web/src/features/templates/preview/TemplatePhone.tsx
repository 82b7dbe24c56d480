import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Avatar, colorOf, initialsOf } from '~/ui/Avatar';
import { IconBack } from '~/ui/icons';
import { type PreviewProps, TemplateBubble } from './TemplateBubble';
import classes from './TemplatePhone.module.css';

interface Props extends PreviewProps {
  /** Who the message comes from, as the customer knows them. */
  sender: string;
  /** Which message it is, where several stand on one page. */
  name?: string;
  /** What is said below the phone. */
  caption?: ReactNode;
  /** Light or dark whatever the console is; as the console when nothing is said. */
  look?: 'light' | 'dark';
}

/** A template as it arrives, on a phone in a frame. */
export function TemplatePhone({ sender, name, caption, look, ...template }: Props) {
  const { t } = useTranslation();
  const label = name ? t('preview.onPhoneNamed', { name }) : t('preview.onPhone');
  return (
    <figure className={classes.figure}>
      <div className={classes.phone} data-look={look}>
        <div className={classes.bar}>
          <IconBack size={18} strokeWidth={1.75} aria-hidden="true" className={classes.arrow} />
          <Avatar initials={initialsOf(sender)} color={colorOf(sender)} size={32} />
          <bdi className={classes.sender}>{sender}</bdi>
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
        <section className={classes.screen} aria-label={label} tabIndex={0}>
          <TemplateBubble {...template} />
        </section>
      </div>
      {caption ? <figcaption className={classes.caption}>{caption}</figcaption> : null}
    </figure>
  );
}
