import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '~/api/contract';
import { useShortcut } from '~/features/shortcuts/useShortcut';
import { exact } from '~/lib/format';
import { Avatar } from '~/ui/Avatar';
import { IconButton } from '~/ui/IconButton';
import { IconBack, IconCheck, IconPanel, IconReopen } from '~/ui/icons';
import { AssignMenu } from './AssignMenu';
import { contactName } from './names';
import { usePresence } from './presence';
import { SnoozeMenu } from './SnoozeMenu';
import classes from './ThreadHeader.module.css';
import { useActions } from './useActions';

interface Props {
  conversation: Conversation;
  panel: boolean;
  onPanel: () => void;
}

/** With whom, over which number, who looks after it, and what can be done with it. */
export function ThreadHeader({ conversation, panel, onPanel }: Props) {
  const { t } = useTranslation();
  const actions = useActions(conversation);
  const { contact, number, status } = conversation;
  const open = status === 'open';
  useShortcut('close', () => (open ? actions.close() : actions.reopen()));
  useShortcut('panel', onPanel);
  return (
    <header className={classes.header}>
      <Link to="/inbox" search={(old) => old} className={classes.back} aria-label={t('conversation.back')}>
        <IconBack size={20} strokeWidth={1.75} aria-hidden="true" className={classes.arrow} />
      </Link>
      <button type="button" className={classes.who} onClick={onPanel}>
        <Avatar initials={contact.initials} color={contact.color} size={36} />
        <span className={classes.names}>
          <span className={classes.name}>
            <bdi>{contactName(contact, t)}</bdi>
            {open ? null : (
              <span className={classes.status} data-status={status}>
                {status === 'snoozed' && conversation.snoozed_until
                  ? t('conversation.snoozedUntil', { time: exact(conversation.snoozed_until) })
                  : t(`inbox.status.${status}`)}
              </span>
            )}
          </span>
          <Others conversation={conversation}>
            {contact.name && contact.phone ? <bdi dir="ltr">{contact.phone}</bdi> : null}
            <span className={classes.via}>{t('conversation.via', { name: number.name })}</span>
          </Others>
          <span className="visually-hidden">{t('conversation.about')}</span>
        </span>
      </button>
      <div className={classes.actions}>
        <AssignMenu conversation={conversation} assign={actions.assign} />
        {open ? <SnoozeMenu snooze={actions.snooze} /> : null}
        <Button
          variant="default"
          size="xs"
          className={classes.close}
          leftSection={
            open ? (
              <IconCheck size={16} strokeWidth={1.75} aria-hidden="true" />
            ) : (
              <IconReopen size={16} strokeWidth={1.75} aria-hidden="true" />
            )
          }
          onClick={open ? actions.close : actions.reopen}
        >
          <span className={classes.closeWords}>{t(open ? 'conversation.close' : 'conversation.reopen')}</span>
        </Button>
        <IconButton
          className={classes.wide}
          label={t('conversation.panel')}
          aria-pressed={panel}
          onClick={onPanel}
          data-tip-align="end"
        >
          <IconPanel size={18} strokeWidth={1.75} aria-hidden="true" />
        </IconButton>
      </div>
    </header>
  );
}

/** Who else is here takes the place of the numbers while they are. */
function Others({ conversation, children }: { conversation: Conversation; children: React.ReactNode }) {
  const { t } = useTranslation();
  const others = usePresence(conversation.id);
  const typing = others.filter((each) => each.typing);
  const shown = typing.length > 0 ? typing : others;
  const names = shown.map((each) => each.name).join(', ');
  return (
    <span className={classes.detail}>
      {shown.length > 0 ? (
        <span className={classes.presence} role="status">
          {t(typing.length > 0 ? 'conversation.typing' : 'conversation.viewing', {
            names,
            count: shown.length,
          })}
        </span>
      ) : (
        children
      )}
    </span>
  );
}
