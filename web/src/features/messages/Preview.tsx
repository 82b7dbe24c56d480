import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import type { MessageBrief, MessageKind } from '~/api/contract';
import {
  IconBag,
  IconBan,
  IconContact,
  IconFile,
  IconImage,
  IconList,
  IconMapPin,
  IconMic,
  IconReply,
  IconSmile,
  IconSticker,
  IconTemplate,
  IconVideo,
} from '~/ui/icons';
import classes from './Preview.module.css';
import { Ticks } from './Ticks';

type Icon = ComponentType<{ size?: number; strokeWidth?: number }>;

const icons: Partial<Record<MessageKind, Icon>> = {
  image: IconImage,
  video: IconVideo,
  audio: IconMic,
  document: IconFile,
  sticker: IconSticker,
  location: IconMapPin,
  contacts: IconContact,
  reaction: IconSmile,
  interactive: IconList,
  reply: IconReply,
  button: IconReply,
  order: IconBag,
  template: IconTemplate,
  unsupported: IconBan,
};

/** One line about a message: its kind, its tick, its words. */
export function Preview({
  message,
}: {
  message: Pick<MessageBrief, 'direction' | 'kind' | 'preview' | 'state'>;
}) {
  const { t } = useTranslation();
  const Icon = icons[message.kind];
  const named = message.kind === 'text' || message.kind === 'system' ? '' : t(`kinds.${message.kind}`);
  return (
    <span className={classes.preview}>
      {message.direction === 'out' && message.state ? <Ticks state={message.state} size={15} /> : null}
      {Icon ? (
        <span className={classes.kind} aria-hidden="true">
          <Icon size={14} strokeWidth={1.75} />
        </span>
      ) : null}
      <bdi className={classes.words}>{message.preview || named}</bdi>
    </span>
  );
}
