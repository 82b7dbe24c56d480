import { useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { signOut, useSession } from '~/features/session/api';
import { Avatar, colorOf, initialsOf } from '~/ui/Avatar';
import {
  IconKeyboard,
  IconMoon,
  IconSearch,
  IconSignOut,
  IconSmartphone,
  IconSun,
  IconSystem,
} from '~/ui/icons';
import { Menu, MenuItem, MenuLine } from '~/ui/Menu';
import type { Placement } from '~/ui/place';
import { overlays } from './overlays';
import classes from './PersonMenu.module.css';

const schemes = [
  { value: 'auto', text: 'shell.schemeAuto', Icon: IconSystem },
  { value: 'light', text: 'shell.schemeLight', Icon: IconSun },
  { value: 'dark', text: 'shell.schemeDark', Icon: IconMoon },
] as const;

export function PersonMenu({ placement, size = 32 }: { placement: Placement; size?: number }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { member, workspace, simulator_url } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leave = async () => {
    await signOut();
    await navigate({ to: '/sign-in' });
  };
  return (
    <Menu
      label={t('shell.account', { name: member.name })}
      placement={placement}
      width={248}
      button={(button) => (
        <button type="button" className={classes.person} {...button}>
          <span className="visually-hidden">{t('shell.account', { name: member.name })}</span>
          <Avatar initials={initialsOf(member.name)} color={colorOf(member.email)} size={size} />
        </button>
      )}
    >
      <div className={classes.who}>
        <strong>{member.name}</strong>
        <span>{member.email}</span>
        <span>{workspace.name}</span>
      </div>
      <MenuLine />
      {schemes.map(({ value, text, Icon }) => (
        <MenuItem
          key={value}
          keepOpen
          checked={colorScheme === value}
          icon={<Icon size={16} strokeWidth={1.75} />}
          onSelect={() => setColorScheme(value)}
        >
          {t(text)}
        </MenuItem>
      ))}
      <MenuLine />
      <MenuItem icon={<IconSearch size={16} strokeWidth={1.75} />} onSelect={() => overlays.open('palette')}>
        {t('shell.search')}
      </MenuItem>
      <MenuItem
        icon={<IconKeyboard size={16} strokeWidth={1.75} />}
        onSelect={() => overlays.open('shortcuts')}
      >
        {t('shell.shortcuts')}
      </MenuItem>
      {simulator_url ? (
        <MenuItem icon={<IconSmartphone size={16} strokeWidth={1.75} />} href={simulator_url}>
          {t('shell.sandbox')}
        </MenuItem>
      ) : null}
      <MenuItem icon={<IconSignOut size={16} strokeWidth={1.75} />} onSelect={leave}>
        {t('shell.signOut')}
      </MenuItem>
    </Menu>
  );
}
