import { Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { overlays, useOverlay } from '~/features/shell/overlays';
import { Dialog } from '~/ui/Dialog';
import { Keys } from '~/ui/Keys';
import classes from './ShortcutsSheet.module.css';
import { keysOf, type Shortcut, shortcuts } from './shortcuts';
import { useSingleKeys } from './useShortcut';

const groups = ['general', 'list', 'conversation'] as const;
const names = Object.keys(shortcuts) as Shortcut[];

export default function ShortcutsSheet() {
  const { t } = useTranslation();
  const opened = useOverlay() === 'shortcuts';
  const [on, setOn] = useSingleKeys();
  return (
    <Dialog opened={opened} onClose={overlays.close} title={t('shortcuts.title')} width={640}>
      <div className={classes.groups}>
        {groups.map((group) => (
          <section key={group}>
            <h3 className={classes.heading}>{t(`shortcuts.groups.${group}`)}</h3>
            <dl>
              {names
                .filter((name) => shortcuts[name].group === group)
                .map((name) => (
                  <div key={name} className={classes.row}>
                    <dt>{t(`shortcuts.names.${name}`)}</dt>
                    <dd>
                      <Keys keys={keysOf(name)} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <Switch
        className={classes.switch}
        checked={on}
        onChange={(event) => setOn(event.currentTarget.checked)}
        label={t('shortcuts.single')}
        description={t('shortcuts.singleHelp')}
      />
    </Dialog>
  );
}
