import { Menu, type MenuProps, useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { signOut, useSession } from '~/features/session/api';
import { Avatar, colorOf, initialsOf } from '~/ui/Avatar';
import {
  IconCheck,
  IconKeyboard,
  IconMoon,
  IconSignOut,
  IconSmartphone,
  IconSun,
  IconSystem,
} from '~/ui/icons';
import { overlays } from './overlays';
import classes from './PersonMenu.module.css';

const schemes = [
  { value: 'auto', text: 'shell.schemeAuto', Icon: IconSystem },
  { value: 'light', text: 'shell.schemeLight', Icon: IconSun },
  { value: 'dark', text: 'shell.schemeDark', Icon: IconMoon },
] as const;

export function PersonMenu({ position, size = 32 }: { position: MenuProps['position']; size?: number }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { member, workspace, simulator_url } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leave = async () => {
    await signOut();
    await navigate({ to: '/sign-in' });
  };
  return (
    <Menu position={position} width={248} offset={8}>
      <Menu.Target>
        <button
          type="button"
          className={classes.person}
          aria-label={t('shell.account', { name: member.name })}
        >
          <Avatar initials={initialsOf(member.name)} color={colorOf(member.email)} size={size} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <strong>{member.name}</strong>
          <span>{member.email}</span>
          <span>{workspace.name}</span>
        </div>
        <Menu.Divider />
        {schemes.map(({ value, text, Icon }) => (
          <Menu.Item
            key={value}
            closeMenuOnClick={false}
            aria-checked={colorScheme === value}
            role="menuitemradio"
            leftSection={<Icon size={16} strokeWidth={1.75} />}
            rightSection={colorScheme === value ? <IconCheck size={16} /> : null}
            onClick={() => setColorScheme(value)}
          >
            {t(text)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconKeyboard size={16} strokeWidth={1.75} />}
          onClick={() => overlays.open('shortcuts')}
        >
          {t('shell.shortcuts')}
        </Menu.Item>
        {simulator_url ? (
          <Menu.Item
            component="a"
            href={simulator_url}
            target="_blank"
            rel="noreferrer"
            leftSection={<IconSmartphone size={16} strokeWidth={1.75} />}
          >
            {t('shell.sandbox')}
          </Menu.Item>
        ) : null}
        <Menu.Item leftSection={<IconSignOut size={16} strokeWidth={1.75} />} onClick={leave}>
          {t('shell.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
