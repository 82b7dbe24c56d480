import type { TFunction } from 'i18next';
import { type KeyboardEvent, memo, type PointerEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '~/api/contract';
import { clock } from '~/lib/format';
import classes from './Bubble.module.css';
import { Body } from './bodies/Body';
import { ReferralCard } from './bodies/ReferralCard';
import type { Referral } from './content';
import { FailureLine } from './FailureLine';
import type { Line } from './lines';
import { type MessageActions, MessageTools } from './MessageTools';
import { Quote } from './Quote';

const LONG_PRESS_MS = 450;

interface Props extends MessageActions {
  line: Extract<Line, { kind: 'message' }>;
  contactName: string;
  meId: string;
  windowOpen: boolean;
  /** Found by a jump: shown for a moment. */
  flashed: boolean;
  /** The one bubble that Tab reaches. */
  current: boolean;
  jump: (messageId: string) => void;
}

const loose = (message: Message): boolean => message.kind === 'sticker' && !message.revoked;

/** One message: its bubble, its tail, what it answers, what was felt about it, and why it failed. */
export const Bubble = memo(function Bubble(props: Props) {
  const { line, contactName, meId, windowOpen, flashed, current, jump, reply, react } = props;
  const { t } = useTranslation();
  const { message, entry, first } = line;
  const bubble = useRef<HTMLDivElement>(null);
  const [opened, setOpened] = useState<'menu' | 'reactions' | null>(null);
  const press = useRef<ReturnType<typeof setTimeout>>(undefined);
  const outgoing = message.direction === 'out';
  if (message.kind === 'system') return <SystemLine message={message} />;

  const sent =
    !outgoing ||
    Boolean(message.sent_at || message.delivered_at || message.read_at || message.state === 'accepted');
  const canAnswer = windowOpen && sent && !entry && !message.revoked;
  const byline = first ? bylineOf(message, meId, t) : null;
  const who = outgoing ? (message.author?.name ?? t('bubble.business')) : contactName;

  const keyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === 'Enter' || event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      event.preventDefault();
      event.stopPropagation();
      setOpened('menu');
    } else if (plain && event.key === 'r' && canAnswer) {
      event.preventDefault();
      event.stopPropagation();
      reply(message);
    }
  };
  // A long press opens the menu, as on the phone; a moving finger scrolls.
  const hold = (event: PointerEvent) => {
    if (event.pointerType !== 'touch') return;
    press.current = setTimeout(() => setOpened('menu'), LONG_PRESS_MS);
  };
  const letGo = () => clearTimeout(press.current);

  return (
    <article
      className={classes.message}
      aria-label={t('bubble.by', { name: who, time: clock(message.at) })}
      tabIndex={current ? 0 : -1}
      data-direction={message.direction}
      data-first={first || undefined}
      data-flashed={flashed || undefined}
      data-message={message.id}
      onKeyDown={keyDown}
    >
      <div className={classes.row}>
        <div className={classes.column}>
          <div
            ref={bubble}
            className={classes.bubble}
            data-kind={message.kind}
            data-loose={loose(message) || undefined}
            data-media={isEdgeToEdge(message) || undefined}
            data-reacted={message.reactions.length > 0 || undefined}
            onPointerDown={hold}
            onPointerUp={letGo}
            onPointerMove={letGo}
            onPointerCancel={letGo}
          >
            {byline ? <p className={classes.byline}>{byline}</p> : null}
            {message.referral ? <ReferralCard referral={message.referral as Referral} /> : null}
            {message.reply_to && !message.revoked ? (
              <div className={classes.quote}>
                <Quote
                  quote={message.reply_to}
                  contactName={contactName}
                  onJump={() => message.reply_to?.message_id && jump(message.reply_to.message_id)}
                />
              </div>
            ) : null}
            <Body message={message} />
            {message.reactions.length > 0 ? (
              <Reactions message={message} canAnswer={canAnswer} onOpen={() => setOpened('reactions')} />
            ) : null}
          </div>
          <FailureLine message={message} entry={entry} windowOpen={windowOpen} />
        </div>
        <MessageTools
          message={message}
          opened={opened}
          onOpened={setOpened}
          canAnswer={canAnswer}
          anchor={bubble}
          reply={reply}
          react={react}
        />
      </div>
    </article>
  );
});

/** Who wrote it, where it was not the reader. */
function bylineOf(message: Message, meId: string, t: TFunction<'texts'>): string | null {
  if (message.direction === 'in') return null;
  if (message.author) return message.author.member_id === meId ? null : message.author.name;
  const { source } = message;
  return source === 'api' || source === 'campaign' || source === 'automation' || source === 'phone'
    ? t(`bubble.source.${source}`)
    : null;
}

/** Pictures go to the edges of their bubble. */
function isEdgeToEdge(message: Message): boolean {
  return (message.kind === 'image' || message.kind === 'video') && !message.revoked;
}

function Reactions({
  message,
  canAnswer,
  onOpen,
}: {
  message: Message;
  canAnswer: boolean;
  onOpen: () => void;
}) {
  const { t } = useTranslation();
  const emoji = [...new Set(message.reactions.map((each) => each.emoji))];
  const label = message.reactions
    .map((each) => t(`bubble.reacted.${each.by}`, { emoji: each.emoji }))
    .join(', ');
  const inside = (
    <>
      {emoji.join('')}
      {message.reactions.length > 1 ? <span className={classes.many}>{message.reactions.length}</span> : null}
    </>
  );
  return canAnswer ? (
    <button
      type="button"
      tabIndex={-1}
      className={classes.reactions}
      aria-label={label}
      title={label}
      onClick={onOpen}
    >
      {inside}
    </button>
  ) : (
    <span role="img" className={classes.reactions} aria-label={label} title={label}>
      {inside}
    </span>
  );
}

function SystemLine({ message }: { message: Message }) {
  const { t } = useTranslation();
  const body = typeof message.content.body === 'string' ? message.content.body : '';
  return (
    <article
      className={classes.system}
      aria-label={t('bubble.by', { name: t('bubble.notice'), time: clock(message.at) })}
    >
      <span dir="auto">{body || t('bubble.notice')}</span>
      <time dateTime={message.at}>{clock(message.at)}</time>
    </article>
  );
}
