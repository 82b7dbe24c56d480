import { lazy, type RefObject, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '~/api/contract';
import { exact } from '~/lib/format';
import { IconButton } from '~/ui/IconButton';
import { IconCopy, IconDots, IconDownload, IconReply, IconSmilePlus } from '~/ui/icons';
import { MenuItem, MenuLayer, MenuLine } from '~/ui/Menu';
import { Popover } from '~/ui/Popover';
import { toast } from '~/ui/toast';
import { copyable } from './content';
import classes from './MessageTools.module.css';

const EmojiPicker = lazy(() => import('./EmojiPicker'));

const quick = ['👍', '❤️', '😂', '😮', '😢', '🙏'] as const;

export interface MessageActions {
  reply: (message: Message) => void;
  react: (message: Message, emoji: string) => void;
}

interface Props extends MessageActions {
  message: Message;
  /** Which layer is open; kept by the bubble, which opens the menu by key and long press too. */
  opened: 'menu' | 'reactions' | null;
  onOpened: (opened: 'menu' | 'reactions' | null) => void;
  /** Whether there is a message at WhatsApp to answer and react to, and the window allows it. */
  canAnswer: boolean;
  anchor: RefObject<HTMLElement | null>;
}

/** The buttons beside a bubble, and the menu that holds all of them. */
export function MessageTools({ message, opened, onOpened, canAnswer, anchor, reply, react }: Props) {
  const { t } = useTranslation();
  const control = useRef<HTMLDivElement>(null);
  const mine = message.reactions.find((each) => each.by === 'business')?.emoji;
  return (
    <>
      <div ref={control} className={classes.tools} data-opened={opened !== null || undefined}>
        {canAnswer ? (
          <>
            <IconButton
              label={t('bubble.react')}
              size={30}
              tabIndex={-1}
              aria-haspopup="dialog"
              aria-expanded={opened === 'reactions'}
              onClick={() => onOpened('reactions')}
            >
              <IconSmilePlus size={17} strokeWidth={1.75} aria-hidden="true" />
            </IconButton>
            <IconButton label={t('bubble.reply')} size={30} tabIndex={-1} onClick={() => reply(message)}>
              <IconReply size={17} strokeWidth={1.75} aria-hidden="true" />
            </IconButton>
          </>
        ) : null}
        <IconButton
          label={t('bubble.more')}
          size={30}
          tabIndex={-1}
          aria-haspopup="menu"
          aria-expanded={opened === 'menu'}
          onClick={() => onOpened('menu')}
        >
          <IconDots size={17} strokeWidth={1.75} aria-hidden="true" />
        </IconButton>
      </div>
      {opened === 'reactions' ? (
        <Reactions
          anchor={anchor}
          mine={mine}
          outgoing={message.direction === 'out'}
          onClose={() => onOpened(null)}
          onChoose={(emoji) => {
            onOpened(null);
            react(message, emoji === mine ? '' : emoji);
          }}
        />
      ) : null}
      {opened === 'menu' ? (
        <MenuLayer
          label={t('bubble.menu')}
          anchor={anchor}
          opened
          onClose={() => onOpened(null)}
          placement={{ side: 'below', align: message.direction === 'out' ? 'end' : 'start' }}
          width={216}
        >
          {canAnswer ? (
            <>
              <MenuItem icon={<IconReply size={16} strokeWidth={1.75} />} onSelect={() => reply(message)}>
                {t('bubble.reply')}
              </MenuItem>
              <MenuItem
                icon={<IconSmilePlus size={16} strokeWidth={1.75} />}
                keepOpen
                onSelect={() => onOpened('reactions')}
              >
                {t('bubble.react')}
              </MenuItem>
            </>
          ) : null}
          <CopyAndSave message={message} />
          <Times message={message} />
        </MenuLayer>
      ) : null}
    </>
  );
}

function CopyAndSave({ message }: { message: Message }) {
  const { t } = useTranslation();
  const text = message.revoked ? '' : copyable(message.kind, message.content);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    toast(t('actions.copied'));
  };
  return (
    <>
      {text ? (
        <MenuItem icon={<IconCopy size={16} strokeWidth={1.75} />} onSelect={copy}>
          {t('actions.copy')}
        </MenuItem>
      ) : null}
      {message.media?.url ? (
        <MenuItem icon={<IconDownload size={16} strokeWidth={1.75} />} href={message.media.url}>
          {t('actions.download')}
        </MenuItem>
      ) : null}
    </>
  );
}

function Times({ message }: { message: Message }) {
  const { t } = useTranslation();
  const times = [
    ['bubble.written', message.at],
    ['ticks.sent', message.sent_at],
    ['ticks.delivered', message.delivered_at],
    ['ticks.read', message.read_at],
  ] as const;
  return (
    <>
      <MenuLine />
      <dl className={classes.times}>
        {times.map(([name, at]) =>
          at ? (
            <div key={name}>
              <dt>{t(name)}</dt>
              <dd>{exact(at)}</dd>
            </div>
          ) : null,
        )}
      </dl>
    </>
  );
}

interface ReactionsProps {
  anchor: RefObject<HTMLElement | null>;
  mine: string | undefined;
  outgoing: boolean;
  onClose: () => void;
  onChoose: (emoji: string) => void;
}

function Reactions({ anchor, mine, outgoing, onClose, onChoose }: ReactionsProps) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  return (
    <Popover
      anchor={anchor}
      opened
      onClose={onClose}
      placement={{ side: 'above', align: outgoing ? 'end' : 'start' }}
      role="dialog"
      aria-label={t('bubble.react')}
    >
      {all ? (
        <Suspense fallback={<div className={classes.waiting} />}>
          <EmojiPicker onChoose={onChoose} />
        </Suspense>
      ) : (
        <div className={classes.quick}>
          {quick.map((emoji, index) => (
            <button
              key={emoji}
              type="button"
              // biome-ignore lint/a11y/noAutofocus: the layer was opened to choose one of these.
              autoFocus={index === 0}
              className={classes.emoji}
              aria-pressed={emoji === mine}
              onClick={() => onChoose(emoji)}
            >
              {emoji}
            </button>
          ))}
          <IconButton label={t('bubble.moreEmoji')} onClick={() => setAll(true)}>
            <IconSmilePlus size={18} strokeWidth={1.75} aria-hidden="true" />
          </IconButton>
        </div>
      )}
    </Popover>
  );
}
