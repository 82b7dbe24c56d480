import { useTranslation } from 'react-i18next';
import type { Message } from '~/api/contract';
import { IconAlert } from '~/ui/icons';
import classes from './FailureLine.module.css';
import { draftAgain, failureOf } from './failures';
import { messageOf } from './messageOf';
import { discard, type Entry, enqueue, sendAgain } from './outbox';

interface Props {
  message: Message;
  entry: Entry | null;
  /** Whether session messages may be sent now. */
  windowOpen: boolean;
}

/** Why a message failed and what to do about it, in one line below its bubble. */
export function FailureLine({ message, entry, windowOpen }: Props) {
  const { t } = useTranslation();
  const failure = failureOf(message, entry);
  if (!failure) return null;
  const draft = message.state === 'failed' && windowOpen ? draftAgain(message) : null;
  const again = draft
    ? () =>
        enqueue(message.conversation_id, draft, {
          ...messageOf('out', message.kind, message.content, new Date().toISOString()),
          media: message.media,
        })
    : null;
  return (
    <p className={classes.failure} data-doubt={message.state === 'unconfirmed' || undefined}>
      <IconAlert size={14} strokeWidth={2} aria-hidden="true" />
      <span>
        {t(`failures.${failure.reason}`)}
        {failure.code ? (
          <span className={classes.code}> {t('bubble.code', { code: failure.code })}</span>
        ) : null}
        {entry?.refused ? (
          <>
            {' '}
            <button type="button" onClick={() => sendAgain(entry.key)}>
              {t('bubble.sendAgain')}
            </button>{' '}
            <button type="button" onClick={() => discard(entry.key)}>
              {t('bubble.discard')}
            </button>
          </>
        ) : null}
        {again ? (
          <>
            {' '}
            <button type="button" onClick={again}>
              {t('bubble.sendAgain')}
            </button>
          </>
        ) : null}
      </span>
    </p>
  );
}
