import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation, Message } from '~/api/contract';
import { contactName } from '~/features/conversations/names';
import { useMe } from '~/features/session/api';
import { dayTitle } from '~/lib/format';
import { useNow } from '~/lib/now';
import { IconMail } from '~/ui/icons';
import { EmptyState, ErrorState } from '~/ui/States';
import { Bubble } from './Bubble';
import { firstUnread, type Line, linesOf } from './lines';
import { NewestButton } from './NewestButton';
import { type Entry, useOutbox } from './outbox';
import classes from './Thread.module.css';
import { ThreadSkeleton } from './ThreadSkeleton';
import { readAround, readEnd, readNewer, readOlder, threadQuery } from './thread';

const none: Message[] = [];
/** Nearer to the end than this, what comes new is followed. */
const NEAR_PX = 96;
const FLASH_MS = 1700;

const guess: Record<Line['kind'], number> = { day: 44, unread: 44, message: 64 };

interface Props {
  conversation: Conversation;
  windowOpen: boolean;
  onReply: (message: Message) => void;
  onReact: (message: Message, emoji: string) => void;
}

/** The messages of a conversation, newest at the foot, older ones read as one scrolls up. */
export function Thread({ conversation, windowOpen, onReply, onReact }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const me = useMe();
  const now = useNow(60_000);
  const { id } = conversation;
  const { data, error, isPending, refetch } = useQuery(threadQuery(id));
  const messages = data?.data ?? none;
  const outbox = useOutbox();
  const entries = useMemo(() => outbox.filter((each) => each.conversationId === id), [outbox, id]);
  const unreadFrom = useUnreadFrom(messages, conversation.unread_count);
  const lines = useMemo(() => linesOf(messages, entries, unreadFrom), [messages, entries, unreadFrom]);

  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => guess[lines[index]?.kind ?? 'message'],
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 10,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: NEAR_PX,
    paddingStart: 16,
    paddingEnd: 16,
  });
  const items = virtual.getVirtualItems();

  // Begins at what is new, else at the end.
  const begun = useRef(false);
  useLayoutEffect(() => {
    if (begun.current || lines.length === 0) return;
    begun.current = true;
    const unread = lines.findIndex((line) => line.kind === 'unread');
    if (unread > 0 && lines.length - unread > 6) virtual.scrollToIndex(unread, { align: 'start' });
    else virtual.scrollToEnd();
  }, [lines, virtual]);

  usePinned(scroller, () => virtual.scrollToEnd());

  const firstIndex = items[0]?.index ?? 0;
  const lastIndex = items.at(-1)?.index ?? 0;
  const [older, setOlder] = useState<'idle' | 'reading' | 'failed'>('idle');
  const before = data?.before ?? null;
  useEffect(() => {
    if (!before || older !== 'idle' || firstIndex > 12 || !begun.current) return;
    setOlder('reading');
    readOlder(client, id).then(
      () => setOlder('idle'),
      () => setOlder('failed'),
    );
  }, [before, client, firstIndex, id, older]);
  const after = data?.after ?? null;
  useEffect(() => {
    if (after && lastIndex >= lines.length - 8) readNewer(client, id).catch(() => undefined);
  }, [after, client, id, lastIndex, lines.length]);

  useOwnMessages(entries, () => {
    const toEnd = () => requestAnimationFrame(() => virtual.scrollToEnd());
    if (after) readEnd(client, id).then(toEnd, () => undefined);
    else toEnd();
  });

  const [flashed, setFlashed] = useState<string | null>(null);
  const [wanted, setWanted] = useState<string | null>(null);
  const jump = async (messageId: string) => {
    try {
      await readAround(client, id, messageId);
      setWanted(messageId);
    } catch {
      // It is older than what is kept: the quote says what it said.
    }
  };
  useEffect(() => {
    if (!wanted) return;
    const index = lines.findIndex((line) => line.kind === 'message' && line.message.id === wanted);
    if (index === -1) return;
    setWanted(null);
    virtual.scrollToIndex(index, { align: 'center' });
    setFlashed(wanted);
  }, [wanted, lines, virtual]);
  useEffect(() => {
    if (!flashed) return;
    const timer = setTimeout(() => setFlashed(null), FLASH_MS);
    return () => clearTimeout(timer);
  }, [flashed]);

  const [current, setCurrent] = useState<string | null>(null);
  const lastMessage = lines.findLast((line) => line.kind === 'message');
  const currentKey = lines.some((line) => line.key === current) ? current : (lastMessage?.key ?? null);
  const move = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    const onArticle = event.target instanceof Element && event.target.closest('article') === event.target;
    if (!onArticle && event.target !== event.currentTarget) return;
    event.preventDefault();
    let index = lines.findIndex((line) => line.key === currentKey);
    if (onArticle)
      do index += by;
      while (lines[index] && lines[index]?.kind !== 'message');
    const line = lines[index];
    if (!line) return;
    setCurrent(line.key);
    virtual.scrollToIndex(index, { align: 'auto' });
    focusWhenDrawn(scroller.current, index);
  };

  const { away, fresh, toNewest } = useAway(virtual.isAtEnd(NEAR_PX), lines, after !== null, () => {
    if (after)
      readEnd(client, id).then(
        () => requestAnimationFrame(() => virtual.scrollToEnd()),
        () => undefined,
      );
    else virtual.scrollToEnd();
  });
  const top = lines[virtual.getVirtualItemForOffset(virtual.scrollOffset ?? 0)?.index ?? 0];
  const name = contactName(conversation.contact, t);

  return (
    <div className={classes.thread}>
      {virtual.isScrolling && top && (virtual.scrollOffset ?? 0) > 60 ? (
        <span className={classes.floating} aria-hidden="true">
          {dayTitle(
            top.kind === 'message'
              ? top.message.at
              : top.kind === 'day'
                ? top.at
                : conversation.last_activity_at,
            now,
          )}
        </span>
      ) : null}
      <div
        ref={scroller}
        className={classes.scroller}
        role="log"
        aria-label={t('thread.with', { name })}
        aria-live="off"
        aria-busy={isPending}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
        tabIndex={0}
        onKeyDown={move}
      >
        {isPending ? <ThreadSkeleton /> : null}
        {error && !data ? <ErrorState error={error} retry={refetch} /> : null}
        {data && lines.length === 0 ? (
          <EmptyState icon={<IconMail size={22} strokeWidth={1.75} />} title={t('thread.empty')}>
            {t('thread.emptyText', { name })}
          </EmptyState>
        ) : null}
        {lines.length > 0 ? (
          <div className={classes.lines} style={{ blockSize: virtual.getTotalSize() }}>
            {older !== 'idle' ? (
              <div className={classes.older}>
                {older === 'reading' ? (
                  <span role="status">{t('thread.older')}</span>
                ) : (
                  <button type="button" onClick={() => setOlder('idle')}>
                    {t('thread.olderFailed')}
                  </button>
                )}
              </div>
            ) : null}
            {items.map((item) => {
              const line = lines[item.index];
              if (!line) return null;
              return (
                <div
                  key={line.key}
                  ref={virtual.measureElement}
                  data-index={item.index}
                  className={classes.line}
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  {line.kind === 'message' ? (
                    <Bubble
                      line={line}
                      contactName={name}
                      meId={me.id}
                      windowOpen={windowOpen}
                      flashed={flashed === line.message.id}
                      current={line.key === currentKey}
                      jump={jump}
                      reply={onReply}
                      react={onReact}
                    />
                  ) : (
                    <Divider line={line} now={now} />
                  )}
                </div>
              );
            })}
          </div>
        ) : null}
      </div>
      {away ? <NewestButton fresh={fresh} onClick={toNewest} /> : null}
      <Announcer messages={messages} name={name} />
    </div>
  );
}

function Divider({ line, now }: { line: Exclude<Line, { kind: 'message' }>; now: number }) {
  const { t } = useTranslation();
  return line.kind === 'day' ? (
    <h2 className={classes.day}>
      <time dateTime={line.at}>{dayTitle(line.at, now)}</time>
    </h2>
  ) : (
    <h2 className={classes.unread}>
      <span>{t('thread.unread')}</span>
    </h2>
  );
}

/** The place of the divider, decided when the thread is first drawn: reading must not move it. */
function useUnreadFrom(messages: Message[], unread: number): string | null {
  const decided = useRef<{ id: string | null } | null>(null);
  if (!decided.current && messages.length > 0) decided.current = { id: firstUnread(messages, unread) };
  return decided.current?.id ?? null;
}

/** Stays at the end while what stands below grows: the composer, the picker, a phone's keyboard. */
function usePinned(scroller: RefObject<HTMLDivElement | null>, toEnd: () => void): void {
  const latest = useRef(toEnd);
  useEffect(() => {
    latest.current = toEnd;
  });
  useEffect(() => {
    const area = scroller.current;
    if (!area) return;
    let height = area.clientHeight;
    let pinned = true;
    const scrolled = () => {
      pinned = area.scrollHeight - area.scrollTop - area.clientHeight <= NEAR_PX;
    };
    const resized = new ResizeObserver(() => {
      if (pinned && area.clientHeight < height) latest.current();
      height = area.clientHeight;
    });
    area.addEventListener('scroll', scrolled, { passive: true });
    resized.observe(area);
    return () => {
      area.removeEventListener('scroll', scrolled);
      resized.disconnect();
    };
  }, [scroller]);
}

/** Calls back when something was written here since the last drawing. */
function useOwnMessages(entries: Entry[], whenWritten: () => void): void {
  const latest = useRef(whenWritten);
  useEffect(() => {
    latest.current = whenWritten;
  });
  const newest = entries.findLast((entry) => !entry.draft.reaction)?.key;
  const seen = useRef(newest);
  useEffect(() => {
    if (newest && newest !== seen.current) latest.current();
    seen.current = newest;
  }, [newest]);
}

/** Whether the reader is away from the end, and how much has come since. */
function useAway(atEnd: boolean, lines: Line[], past: boolean, goToNewest: () => void) {
  const away = past || !atEnd;
  const inbound = lines.filter((line) => line.kind === 'message' && line.message.direction === 'in').length;
  const [seen, setSeen] = useState(inbound);
  // Older pages make the count grow too: only what comes at the end is new.
  const lastKey = lines.at(-1)?.key;
  const lastSeen = useRef(lastKey);
  useEffect(() => {
    if (!away || lastSeen.current === lastKey) setSeen(inbound);
    lastSeen.current = lastKey;
  }, [away, inbound, lastKey]);
  return { away, fresh: away ? Math.max(0, inbound - seen) : 0, toNewest: goToNewest };
}

function focusWhenDrawn(scroller: HTMLElement | null, index: number): void {
  let tries = 0;
  const look = () => {
    const article = scroller?.querySelector<HTMLElement>(`[data-index="${index}"] article`);
    if (article) article.focus({ preventScroll: true });
    else if (tries < 10) {
      tries += 1;
      requestAnimationFrame(look);
    }
  };
  requestAnimationFrame(look);
}

/** Says what the customer writes while the thread is open; pages of old messages are not said. */
function Announcer({ messages, name }: { messages: Message[]; name: string }) {
  const { t } = useTranslation();
  const last = messages.findLast((each) => each.direction === 'in');
  const [first] = useState(() => last?.id);
  const seen = useRef(first);
  const started = useRef(messages.length > 0);
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (started.current && last && last.id !== seen.current) {
      const body = typeof last.content.body === 'string' ? last.content.body : t('bubble.message');
      setSaid(t('thread.said', { name, text: body }));
    }
    if (messages.length > 0) started.current = true;
    seen.current = last?.id;
  }, [last, messages.length, name, t]);
  return (
    <p className="visually-hidden" aria-live="polite">
      {said}
    </p>
  );
}
