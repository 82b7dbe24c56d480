import { useTranslation } from 'react-i18next';
import type { Quote as Quoted } from '~/api/contract';
import { Preview } from './Preview';
import classes from './Quote.module.css';

interface Props {
  quote: Quoted;
  /** What the customer is called. */
  contactName: string;
  onJump?: () => void;
}

/** The message that is answered, in two lines; a tap goes to it. */
export function Quote({ quote, contactName, onJump }: Props) {
  const { t } = useTranslation();
  const inside = (
    <>
      <bdi className={classes.who}>
        {quote.direction === 'in' ? contactName : (quote.author_name ?? t('bubble.business'))}
      </bdi>
      <Preview message={{ ...quote, state: null }} />
    </>
  );
  if (!onJump || !quote.message_id)
    return (
      <div className={classes.quote} data-direction={quote.direction}>
        {inside}
      </div>
    );
  return (
    <button
      type="button"
      className={classes.quote}
      data-direction={quote.direction}
      aria-label={t('bubble.jump', { text: quote.preview || t('bubble.message') })}
      onClick={onJump}
    >
      {inside}
    </button>
  );
}
