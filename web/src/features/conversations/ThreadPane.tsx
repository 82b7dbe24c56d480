import { type DragEvent, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation, Message } from '~/api/contract';
import { Composer, type ComposerHandle } from '~/features/messages/Composer';
import { enqueue } from '~/features/messages/outbox';
import { reactionOf } from '~/features/messages/outgoing';
import { Thread } from '~/features/messages/Thread';
import { useAttachments } from '~/features/messages/useAttachments';
import { useShortcut } from '~/features/shortcuts/useShortcut';
import { TemplatePicker } from '~/features/templates/TemplatePicker';
import { IconPaperclip } from '~/ui/icons';
import { ThreadHeader } from './ThreadHeader';
import classes from './ThreadPane.module.css';
import { useReading } from './useReading';
import { useWindowOpen } from './useWindow';

interface Props {
  conversation: Conversation;
  panel: boolean;
  onPanel: () => void;
}

/** One conversation: its head, its messages, and where the answer is written. */
export function ThreadPane({ conversation, panel, onPanel }: Props) {
  const { t } = useTranslation();
  const { id } = conversation;
  const windowOpen = useWindowOpen(conversation.window);
  const files = useAttachments();
  const [replyTo, setReplyTo] = useState<Message | null>(null);
  const [choosing, setChoosing] = useState(false);
  const composer = useRef<ComposerHandle>(null);
  useReading(conversation);
  useShortcut('reply', () => composer.current?.focus());
  useEffect(() => {
    if (choosing) composer.current?.focus();
  }, [choosing]);

  const reply = useCallback((message: Message) => {
    setChoosing(false);
    setReplyTo(message);
    composer.current?.focus();
  }, []);
  const react = useCallback(
    (message: Message, emoji: string) => {
      const { draft, shown } = reactionOf(message, emoji, new Date());
      enqueue(id, draft, shown);
    },
    [id],
  );

  const { over, ...drop } = useDrop(windowOpen && !choosing, files.add);
  return (
    <section className={classes.pane} aria-label={t('conversation.thread')} {...drop}>
      <ThreadHeader conversation={conversation} panel={panel} onPanel={onPanel} />
      <Thread conversation={conversation} windowOpen={windowOpen} onReply={reply} onReact={react} />
      {windowOpen && !choosing ? (
        <Composer
          ref={composer}
          conversation={conversation}
          files={files}
          replyTo={replyTo}
          onReplyTo={setReplyTo}
          onTemplates={() => setChoosing(true)}
        />
      ) : (
        <TemplatePicker
          ref={composer}
          key={windowOpen ? 'chosen' : 'closed'}
          conversation={conversation}
          windowOpen={windowOpen}
          onSent={() => setChoosing(false)}
          onClose={() => setChoosing(false)}
        />
      )}
      {over ? (
        <div className={classes.drop} aria-hidden="true">
          <IconPaperclip size={24} strokeWidth={1.75} />
          {t('composer.drop')}
        </div>
      ) : null}
    </section>
  );
}

/** Files that are dragged over the pane; leaving a child is not leaving. */
function useDrop(active: boolean, onFiles: (files: File[]) => void) {
  const [depth, setDepth] = useState(0);
  const holdsFiles = (event: DragEvent) => active && event.dataTransfer.types.includes('Files');
  return {
    over: depth > 0,
    onDragEnter: (event: DragEvent) => {
      if (holdsFiles(event)) setDepth((old) => old + 1);
    },
    onDragLeave: (event: DragEvent) => {
      if (holdsFiles(event)) setDepth((old) => Math.max(0, old - 1));
    },
    onDragOver: (event: DragEvent) => {
      if (holdsFiles(event)) event.preventDefault();
    },
    onDrop: (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setDepth(0);
      onFiles([...event.dataTransfer.files]);
    },
  };
}
