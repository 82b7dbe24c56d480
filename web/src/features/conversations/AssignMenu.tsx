import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '~/api/contract';
import { membersQuery, useMe } from '~/features/session/api';
import { useShortcut } from '~/features/shortcuts/useShortcut';
import { Avatar, colorOf, initialsOf } from '~/ui/Avatar';
import { IconUser, IconUserPlus } from '~/ui/icons';
import { Menu, MenuItem, MenuLine } from '~/ui/Menu';
import classes from './ThreadHeader.module.css';
import type { ConversationActions } from './useActions';

/** Who looks after it, and giving it to somebody else. */
export function AssignMenu({
  conversation,
  assign,
}: {
  conversation: Conversation;
  assign: ConversationActions['assign'];
}) {
  const { t } = useTranslation();
  const me = useMe();
  const [opened, setOpened] = useState(false);
  const { data: members } = useQuery({ ...membersQuery, enabled: opened });
  useShortcut('assign', () => setOpened(true));
  const { assignee } = conversation;
  const others = (members ?? []).filter((each) => each.id !== me.id);
  return (
    <Menu
      label={t('conversation.assign')}
      opened={opened}
      onOpened={setOpened}
      placement={{ side: 'below', align: 'end' }}
      width={240}
      button={(button) => (
        <button
          type="button"
          className={classes.assign}
          aria-label={
            assignee ? t('conversation.assignedTo', { name: assignee.name }) : t('conversation.assign')
          }
          data-tip={t('conversation.assign')}
          {...button}
        >
          {assignee ? (
            <Avatar initials={initialsOf(assignee.name)} color={colorOf(assignee.name)} size={22} />
          ) : (
            <IconUserPlus size={18} strokeWidth={1.75} aria-hidden="true" />
          )}
          <bdi className={classes.assignName}>{assignee?.name ?? t('conversation.assign')}</bdi>
        </button>
      )}
    >
      <MenuItem
        checked={assignee?.id === me.id}
        icon={<Avatar initials={initialsOf(me.name)} color={colorOf(me.name)} size={22} />}
        onSelect={() => assign(me)}
      >
        {t('conversation.me', { name: me.name })}
      </MenuItem>
      {others.map((each) => (
        <MenuItem
          key={each.id}
          checked={assignee?.id === each.id}
          icon={<Avatar initials={initialsOf(each.name)} color={colorOf(each.name)} size={22} />}
          end={
            each.presence === 'online' ? (
              <span className={classes.online} title={t('conversation.online')} />
            ) : null
          }
          onSelect={() => assign(each)}
        >
          {each.name}
        </MenuItem>
      ))}
      <MenuLine />
      <MenuItem
        checked={!assignee}
        icon={<IconUser size={18} strokeWidth={1.75} />}
        onSelect={() => assign(null)}
      >
        {t('conversation.nobody')}
      </MenuItem>
    </Menu>
  );
}
