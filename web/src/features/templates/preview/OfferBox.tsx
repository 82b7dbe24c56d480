import { useTranslation } from 'react-i18next';
import { exact } from '~/lib/format';
import { IconGift } from '~/ui/icons';
import classes from './OfferBox.module.css';

interface Props {
  text: string;
  /** When it ends; `true` where that is not decided yet. */
  ends: string | boolean;
  code: string | null;
}

/** The box of an offer: what is offered, until when, and by which code. */
export function OfferBox({ text, ends, code }: Props) {
  const { t } = useTranslation();
  const known = typeof ends === 'string' && !Number.isNaN(Date.parse(ends));
  return (
    <div className={classes.offer}>
      <span className={classes.gift} aria-hidden="true">
        <IconGift size={18} strokeWidth={1.75} />
      </span>
      <span className={classes.terms} dir="auto">
        <strong>{text}</strong>
        {ends ? <span>{known ? t('preview.endsAt', { at: exact(ends) }) : t('preview.ends')}</span> : null}
        {code ? <span>{t('preview.withCode', { code })}</span> : null}
      </span>
    </div>
  );
}
