import {
  type ClipboardEvent,
  type KeyboardEvent,
  lazy,
  type Ref,
  Suspense,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation, Message } from '~/api/contract';
import { contactName } from '~/features/conversations/names';
import { useWindowWords } from '~/features/conversations/useWindow';
import { takesCaption } from '~/features/media/limits';
import { useNow } from '~/lib/now';
import { IconButton } from '~/ui/IconButton';
import { IconPaperclip, IconSend, IconSmile, IconTemplate, IconX } from '~/ui/icons';
import { Popover } from '~/ui/Popover';
import { WindowRing } from '~/ui/WindowRing';
import { AttachmentTray } from './AttachmentTray';
import classes from './Composer.module.css';
import { draftOf, keepDraft } from './drafts';
import { enqueue } from './outbox';
import { outgoingOf, quoteOf } from './outgoing';
import { Quote } from './Quote';
import type { useAttachments } from './useAttachments';
import { useTyping } from './useTyping';

const EmojiPicker = lazy(() => import('./EmojiPicker'));
const MOST_LINES = 6;
const LINE_PX = 20;
/** WhatsApp takes so many characters in one text, and so many below a file. */
const MOST_CHARACTERS = { text: 4096, caption: 1024 };

export interface ComposerHandle {
  focus: () => void;
}

interface Props {
  conversation: Conversation;
  files: ReturnType<typeof useAttachments>;
  replyTo: Message | null;
  onReplyTo: (message: Message | null) => void;
  onTemplates: () => void;
  ref: Ref<ComposerHandle>;
}

/** Where an answer is written while the window is open. */
export function Composer({ conversation, files, replyTo, onReplyTo, onTemplates, ref }: Props) {
  const { t } = useTranslation();
  const { id } = conversation;
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(() => draftOf(id));
  const [pending, setPending] = useState(false);
  const typing = useTyping(id);
  useImperativeHandle(ref, () => ({ focus: () => field.current?.focus() }));
  const { attachments } = files;
  const going = attachments.filter((each) => !each.fit.refused);
  const uploading = going.some((each) => !each.media && !each.failure);
  const stuck = attachments.some((each) => each.fit.refused || each.failure);
  const most = MOST_CHARACTERS[going.some((each) => takesCaption(each.fit.kind)) ? 'caption' : 'text'];
  const tooLong = text.trim().length > most;
  const empty = text.trim() === '' && attachments.length === 0;

  // The field grows with what is in it, up to six lines.
  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.blockSize = 'auto';
    area.style.blockSize = `${Math.min(area.scrollHeight, MOST_LINES * LINE_PX + 20)}px`;
  });
  useEffect(() => {
    if (replyTo) field.current?.focus();
  }, [replyTo]);

  const write = (next: string) => {
    setText(next);
    keepDraft(id, next);
    if (next.trim()) typing();
  };
  const finish = () => {
    const ready = going.flatMap(({ media, fit, file }) =>
      media ? [{ media, kind: fit.kind, name: file.name }] : [],
    );
    for (const { draft, shown } of outgoingOf({ text, files: ready, replyTo }, new Date()))
      enqueue(id, draft, shown);
    setText('');
    keepDraft(id, '');
    files.clear();
    onReplyTo(null);
    setPending(false);
    field.current?.focus();
  };
  const send = () => {
    if (empty || tooLong || stuck) return;
    if (uploading) setPending(true);
    else finish();
  };
  // Sent while a file was still on its way: goes out as soon as it is there.
  const goes = pending && !uploading && !stuck;
  const latest = useRef(finish);
  useEffect(() => {
    latest.current = finish;
  });
  useEffect(() => {
    if (goes) latest.current();
  }, [goes]);

  const insert = (words: string) => {
    const area = field.current;
    const from = area?.selectionStart ?? text.length;
    const to = area?.selectionEnd ?? text.length;
    write(text.slice(0, from) + words + text.slice(to));
    requestAnimationFrame(() => {
      area?.focus();
      area?.setSelectionRange(from + words.length, from + words.length);
    });
  };
  const keyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // While a word is composed, Enter belongs to the keyboard of the script.
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      send();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      if (replyTo) onReplyTo(null);
      else field.current?.blur();
    }
  };
  const paste = (event: ClipboardEvent) => {
    const pasted = [...event.clipboardData.files];
    if (pasted.length === 0) return;
    event.preventDefault();
    files.add(pasted);
  };

  return (
    <div className={classes.composer}>
      <div className={classes.box}>
        {replyTo ? (
          <div className={classes.reply}>
            <Quote quote={quoteOf(replyTo)} contactName={contactName(conversation.contact, t)} />
            <IconButton
              label={t('composer.cancelReply')}
              size={30}
              tip={false}
              onClick={() => onReplyTo(null)}
            >
              <IconX size={16} strokeWidth={1.75} aria-hidden="true" />
            </IconButton>
          </div>
        ) : null}
        <AttachmentTray attachments={attachments} onRemove={files.remove} onRetry={files.retry} />
        <div className={classes.row}>
          <IconButton label={t('composer.attach')} onClick={() => picker.current?.click()}>
            <IconPaperclip size={18} strokeWidth={1.75} aria-hidden="true" />
          </IconButton>
          <EmojiButton onChoose={insert} />
          <IconButton label={t('composer.templates')} onClick={onTemplates}>
            <IconTemplate size={18} strokeWidth={1.75} aria-hidden="true" />
          </IconButton>
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            onChange={(event) => {
              files.add([...(event.currentTarget.files ?? [])]);
              event.currentTarget.value = '';
              field.current?.focus();
            }}
          />
          <textarea
            ref={field}
            className={classes.field}
            rows={1}
            dir="auto"
            aria-label={t('composer.write')}
            placeholder={t(going.length > 0 ? 'composer.caption' : 'composer.write')}
            value={text}
            aria-invalid={tooLong || undefined}
            onChange={(event) => write(event.currentTarget.value)}
            onKeyDown={keyDown}
            onPaste={paste}
          />
          <IconButton
            label={t('composer.send')}
            tone="primary"
            disabled={empty || tooLong || stuck}
            onClick={send}
            data-tip-align="end"
          >
            <IconSend size={18} strokeWidth={1.75} aria-hidden="true" className={classes.send} />
          </IconButton>
        </div>
      </div>
      <Foot
        conversation={conversation}
        note={
          tooLong
            ? t('composer.tooLong', { count: text.trim().length - most })
            : pending
              ? t('composer.waits')
              : null
        }
      />
    </div>
  );
}

/** Below the field: how long one may still write freely, and what stands in the way. */
function Foot({ conversation, note }: { conversation: Conversation; note: string | null }) {
  const { t } = useTranslation();
  const now = useNow(1000);
  const window = useWindowWords(conversation.window, now);
  return (
    <div className={classes.foot}>
      <span role="status" className={note ? classes.note : classes.hint}>
        {note ?? t('composer.hint')}
      </span>
      <span className={classes.window} data-tone={window.tone} title={t('window.help')}>
        <WindowRing leftMs={window.leftMs} size={13} label={window.words} />
        <span aria-hidden="true">{window.words}</span>
      </span>
    </div>
  );
}

function EmojiButton({ onChoose }: { onChoose: (emoji: string) => void }) {
  const { t } = useTranslation();
  const control = useRef<HTMLButtonElement>(null);
  const [opened, setOpened] = useState(false);
  const was = useRef(false);
  return (
    <>
      <IconButton
        ref={control}
        label={t('composer.emoji')}
        aria-haspopup="dialog"
        aria-expanded={opened}
        onPointerDown={() => {
          was.current = opened;
        }}
        onClick={() => {
          setOpened(!was.current);
          was.current = false;
        }}
      >
        <IconSmile size={18} strokeWidth={1.75} aria-hidden="true" />
      </IconButton>
      <Popover
        anchor={control}
        opened={opened}
        onClose={() => setOpened(false)}
        placement={{ side: 'above', align: 'start' }}
        role="dialog"
        aria-label={t('composer.emoji')}
      >
        <Suspense fallback={<div className={classes.waiting} />}>
          <EmojiPicker
            onChoose={(emoji) => {
              setOpened(false);
              onChoose(emoji);
            }}
          />
        </Suspense>
      </Popover>
    </>
  );
}
