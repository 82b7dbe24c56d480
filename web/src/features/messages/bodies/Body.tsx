import { useTranslation } from 'react-i18next';
import type { Message } from '~/api/contract';
import { MediaBody, MediaView } from '~/features/media/MediaBody';
import { IconBan } from '~/ui/icons';
import { type Answer, type Card, type Interactive, type Order, type Place, words } from '../content';
import { FormattedText } from '../FormattedText';
import { Stamp } from '../Stamp';
import { AnswerBody } from './AnswerBody';
import classes from './Body.module.css';
import { ContactsBody } from './ContactsBody';
import { InteractiveBody } from './InteractiveBody';
import { LocationBody } from './LocationBody';
import { OrderBody } from './OrderBody';
import { TemplateBody } from './TemplateBody';

function Faded({ text, message }: { text: string; message: Message }) {
  return (
    <div className={classes.faded}>
      <IconBan size={15} strokeWidth={1.75} aria-hidden="true" />
      <span>{text}</span>
      <Stamp message={message} />
    </div>
  );
}

/** What a message says, in the shape of its kind. */
export function Body({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { kind, content } = message;
  const stamp = <Stamp message={message} />;
  if (message.revoked)
    return (
      <Faded
        message={message}
        text={t(message.direction === 'in' ? 'bubble.revoked' : 'bubble.revokedOwn')}
      />
    );
  switch (kind) {
    case 'text':
      return <FormattedText text={words(content, 'body')} end={stamp} />;
    case 'image':
    case 'video':
    case 'audio':
    case 'document':
    case 'sticker':
      return <MediaBody message={message} stamp={stamp} over={<Stamp message={message} over />} />;
    case 'location':
      return (
        <>
          <LocationBody place={content as Place} />
          {stamp}
        </>
      );
    case 'contacts':
      return (
        <>
          <ContactsBody cards={(content.contacts as Card[] | undefined) ?? []} />
          {stamp}
        </>
      );
    case 'interactive':
      return (
        <InteractiveBody
          content={content as Interactive}
          above={message.media ? <MediaView message={message} /> : undefined}
          stamp={stamp}
        />
      );
    case 'template':
      return <TemplateBody message={message} />;
    case 'reply':
      return <AnswerBody answer={content as Answer} stamp={stamp} />;
    case 'button':
      return <AnswerBody answer={{ title: words(content, 'text') }} stamp={stamp} />;
    case 'order':
      return (
        <>
          <OrderBody order={content as Order} />
          {stamp}
        </>
      );
    default:
      return <Faded message={message} text={t('kinds.unsupported')} />;
  }
}
