import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '~/api/contract';
import { Preview } from '~/features/messages/Preview';
import { count, exact, rowTime } from '~/lib/format';
import { useNow } from '~/lib/now';
import { Avatar, colorOf, initialsOf } from '~/ui/Avatar';
import { Skeleton } from '~/ui/Skeleton';
import { WindowRing } from '~/ui/WindowRing';
import classes from './ConversationRow.module.css';
import { contactName } from './names';
import { useWindowWords } from './useWindow';

export const ROW_HEIGHT = 72;

interface Props {
  conversation: Conversation;
  selected: boolean;
  pointed: boolean;
}

export const ConversationRow = memo(function ConversationRow({ conversation, selected, pointed }: Props) {
  const { t } = useTranslation();
  const now = useNow(30_000);
  const { contact, assignee, last_message, unread_count, labels } = conversation;
  const window = useWindowWords(conversation.window, now);
  const unread = unread_count > 0;
  return (
    <Link
      to="/inbox/$conversationId"
      params={{ conversationId: conversation.id }}
      search={(old) => old}
      className={classes.row}
      data-unread={unread || undefined}
      data-pointed={pointed || undefined}
      aria-current={selected ? 'page' : undefined}
    >
      <span className={classes.face}>
        <Avatar initials={contact.initials} color={contact.color} size={44} />
        <span className={classes.ring}>
          <WindowRing leftMs={window.leftMs} size={14} label={window.words} />
        </span>
      </span>
      <span className={classes.top}>
        <bdi className={classes.name}>{contactName(contact, t)}</bdi>
        <time
          className={classes.time}
          dateTime={conversation.last_activity_at}
          title={exact(conversation.last_activity_at)}
        >
          {rowTime(conversation.last_activity_at, now)}
        </time>
      </span>
      <span className={classes.bottom}>
        <span className={classes.preview}>
          {last_message ? <Preview message={last_message} /> : t('inbox.noMessages')}
        </span>
        {labels.slice(0, 3).map((label) => (
          <span
            key={label}
            className={classes.label}
            title={label}
            style={{ background: `var(--avatar-${colorOf(label)}-ink)` }}
          />
        ))}
        {assignee ? (
          <span title={t('inbox.assignedTo', { name: assignee.name })} className={classes.assignee}>
            <Avatar initials={initialsOf(assignee.name)} color={colorOf(assignee.name)} size={18} />
            <span className="visually-hidden">{t('inbox.assignedTo', { name: assignee.name })}</span>
          </span>
        ) : null}
        {unread ? (
          <span className={classes.count}>
            <span aria-hidden="true">{count(unread_count)}</span>
            <span className="visually-hidden">{t('inbox.unreadCount', { count: unread_count })}</span>
          </span>
        ) : null}
      </span>
    </Link>
  );
});

const widths = [62, 84, 48, 73, 90, 55, 68, 80];

export function RowSkeletons() {
  return (
    <div aria-hidden="true">
      {widths.map((width) => (
        <div key={width} className={classes.row}>
          <span className={classes.face}>
            <Skeleton width={44} height={44} round />
          </span>
          <span className={classes.top}>
            <Skeleton width={`${width * 0.6}%`} height={12} />
          </span>
          <span className={classes.bottom}>
            <Skeleton width={`${width}%`} height={10} />
          </span>
        </div>
      ))}
    </div>
  );
}
