import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { exact } from '~/lib/format';
import { IconButton } from '~/ui/IconButton';
import { IconCalendar, IconClock } from '~/ui/icons';
import { Menu, MenuItem, MenuLine } from '~/ui/Menu';
import { laters } from './snooze';
import classes from './ThreadHeader.module.css';

/** Puts a conversation away until a time that is offered or chosen. */
export function SnoozeMenu({ snooze }: { snooze: (until: Date) => void }) {
  const { t } = useTranslation();
  const [choosing, setChoosing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const choose = () => {
    const at = new Date(field.current?.value ?? '');
    if (at.getTime() > Date.now()) {
      setChoosing(false);
      snooze(at);
    } else field.current?.setAttribute('aria-invalid', 'true');
  };
  return (
    <Menu
      label={t('conversation.snooze')}
      placement={{ side: 'below', align: 'end' }}
      width={280}
      onOpened={() => setChoosing(false)}
      button={(button) => (
        <IconButton label={t('conversation.snooze')} {...button}>
          <IconClock size={18} strokeWidth={1.75} aria-hidden="true" />
        </IconButton>
      )}
    >
      {laters(new Date()).map(({ name, at }) => (
        <MenuItem
          key={name}
          end={<span className={classes.when}>{exact(at.toISOString())}</span>}
          onSelect={() => snooze(at)}
        >
          {t(`conversation.later.${name}`)}
        </MenuItem>
      ))}
      <MenuLine />
      {choosing ? (
        <div className={classes.choose}>
          <input
            ref={field}
            type="datetime-local"
            // biome-ignore lint/a11y/noAutofocus: it stands where the choice was made.
            autoFocus
            aria-label={t('conversation.until')}
            onKeyDown={(event) => {
              event.stopPropagation();
              if (event.key === 'Enter') choose();
            }}
          />
          <button type="button" onClick={choose}>
            {t('conversation.snooze')}
          </button>
        </div>
      ) : (
        <MenuItem
          keepOpen
          icon={<IconCalendar size={16} strokeWidth={1.75} />}
          onSelect={() => setChoosing(true)}
        >
          {t('conversation.later.choose')}
        </MenuItem>
      )}
    </Menu>
  );
}
