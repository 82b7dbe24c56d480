import { useTranslation } from 'react-i18next';
import { keysOf } from '~/features/shortcuts/shortcuts';
import { IconInbox } from '~/ui/icons';
import { Keys } from '~/ui/Keys';
import { EmptyState } from '~/ui/States';
import classes from './NothingOpen.module.css';

const hints = ['next', 'open', 'newChat', 'palette'] as const;

/** The middle of the inbox before a conversation is chosen: where to go, and the keys that go there. */
export function NothingOpen() {
  const { t } = useTranslation();
  return (
    <div className={classes.nothing}>
      <EmptyState
        icon={<IconInbox size={22} strokeWidth={1.75} />}
        title={t('inbox.nothingOpen')}
        action={
          <dl className={classes.hints}>
            {hints.map((name) => (
              <div key={name} className={classes.hint}>
                <dt>{t(`shortcuts.names.${name}`)}</dt>
                <dd>
                  <Keys keys={keysOf(name)} />
                </dd>
              </div>
            ))}
          </dl>
        }
      >
        {t('inbox.nothingOpenText')}
      </EmptyState>
    </div>
  );
}
