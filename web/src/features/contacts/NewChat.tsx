import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useDeferredValue, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '~/api/contract';
import { Problem } from '~/api/problem';
import { wordsFor } from '~/api/words';
import { startConversation } from '~/features/conversations/api';
import { applyConversation } from '~/features/conversations/cache';
import { numbersQuery } from '~/features/numbers/api';
import { useMe } from '~/features/session/api';
import { overlays, useOverlay } from '~/features/shell/overlays';
import { typedSoFar, useTypedAhead } from '~/features/shell/typedAhead';
import { Avatar, colorOf, initialsOf } from '~/ui/Avatar';
import { Dialog } from '~/ui/Dialog';
import { IconSearch, IconUserPlus } from '~/ui/icons';
import { contactSearchQuery } from './api';
import classes from './NewChat.module.css';
import { phoneIn } from './phone';

type Who = { contact_id: string } | { phone: string; name?: string };

/** Writes first: somebody known by name or number, or a number that nobody knows yet. */
export default function NewChat() {
  const { t } = useTranslation();
  const opened = useOverlay() === 'newChat';
  return (
    <Dialog opened={opened} onClose={overlays.close} title={t('newChat.title')}>
      <Chooser />
    </Dialog>
  );
}

function Chooser() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const me = useMe().id;
  const [typed, setTyped] = useState(typedSoFar);
  useTypedAhead(setTyped);
  const [name, setName] = useState('');
  const [at, setAt] = useState(0);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [numberId, setNumberId] = useState<string | null>(null);
  const q = useDeferredValue(typed.trim());
  const { data: contacts, isFetching } = useQuery({
    ...contactSearchQuery(q),
    placeholderData: (old) => old,
  });
  const { data: numbers } = useQuery(numbersQuery);
  const phone = phoneIn(typed);
  const digits = phone?.replace(/\D/g, '');
  const known = (contacts ?? []).some((each) => digits && each.phone?.replace(/\D/g, '') === digits);
  const fresh = phone && !known ? phone : null;
  const rows = contacts ?? [];
  const list = useRef<HTMLDivElement>(null);

  const start = async (who: Who) => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const conversation: Conversation = await startConversation({
        ...who,
        ...(numberId ? { number_id: numberId } : {}),
      });
      applyConversation(client, conversation, me);
      overlays.close();
      await navigate({
        to: '/inbox/$conversationId',
        params: { conversationId: conversation.id },
        search: {},
      });
    } catch (error) {
      const field = error instanceof Problem ? error.field('phone') : undefined;
      setProblem(field ? t('newChat.wrongPhone') : wordsFor(t, error));
    } finally {
      setBusy(false);
    }
  };
  const startFresh = () => fresh && start({ phone: fresh, name: name.trim() || undefined });
  const choose = () => {
    const row = rows[at];
    if (row) void start({ contact_id: row.id });
    else void startFresh();
  };
  const keyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const next = Math.max(0, Math.min(rows.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1)));
      setAt(next);
      list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      choose();
    }
  };

  return (
    <div className={classes.chooser}>
      <label className={classes.search}>
        <IconSearch size={18} strokeWidth={1.75} aria-hidden="true" />
        <input
          data-autofocus
          type="text"
          role="combobox"
          aria-expanded={rows.length > 0}
          aria-controls="new-chat-people"
          aria-activedescendant={rows[at] ? `new-chat-${rows[at].id}` : undefined}
          aria-label={t('newChat.search')}
          placeholder={t('newChat.search')}
          autoComplete="off"
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={keyDown}
        />
      </label>
      {numbers && numbers.length > 1 ? (
        <label className={classes.from}>
          <span>{t('newChat.from')}</span>
          <select value={numberId ?? ''} onChange={(event) => setNumberId(event.currentTarget.value || null)}>
            <option value="">{t('newChat.firstNumber')}</option>
            {numbers.map((each) => (
              <option key={each.id} value={each.id}>
                {`${each.verified_name} ${each.display_phone_number}`}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      {problem ? (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      ) : null}
      {fresh ? (
        <form
          className={classes.fresh}
          onSubmit={(event) => {
            event.preventDefault();
            void startFresh();
          }}
        >
          <span className={classes.plus} aria-hidden="true">
            <IconUserPlus size={18} strokeWidth={1.75} />
          </span>
          <input
            aria-label={t('newChat.name')}
            placeholder={t('newChat.name')}
            dir="auto"
            value={name}
            maxLength={200}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <button type="submit" disabled={busy}>
            {t('newChat.write', { phone: fresh })}
          </button>
        </form>
      ) : null}
      <div
        ref={list}
        id="new-chat-people"
        className={classes.people}
        role="listbox"
        aria-label={t('newChat.people')}
        aria-busy={isFetching}
      >
        {rows.map((each, index) => {
          const shown = each.name ?? each.profile_name ?? each.phone ?? t('contact.nameless');
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys.
            <div
              key={each.id}
              id={`new-chat-${each.id}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              className={classes.person}
              onPointerMove={() => setAt(index)}
              onClick={() => void start({ contact_id: each.id })}
            >
              <Avatar initials={initialsOf(shown)} color={each.color ?? colorOf(each.id)} size={36} />
              <span className={classes.names}>
                <bdi>{shown}</bdi>
                <bdi dir="ltr">{each.phone}</bdi>
              </span>
            </div>
          );
        })}
      </div>
      {contacts && rows.length === 0 && !fresh ? (
        <p className={classes.nobody}>{q ? t('newChat.nobody', { q }) : t('newChat.empty')}</p>
      ) : null}
    </div>
  );
}
