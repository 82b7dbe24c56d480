import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation, Page } from '~/api/contract';
import { wordsFor } from '~/api/words';
import { listKey } from '~/features/conversations/api';
import { contactName } from '~/features/conversations/names';
import { filtersOf } from '~/features/conversations/search';
import type { ConversationActions } from '~/features/conversations/useActions';
import { useMay } from '~/features/settings/sections';
import { overlays } from '~/features/shell/overlays';
import { typedSoFar, useTypedAhead } from '~/features/shell/typedAhead';
import { Avatar } from '~/ui/Avatar';
import { IconBack, IconChevronRight, IconSearch } from '~/ui/icons';
import { Keys } from '~/ui/Keys';
import { toast } from '~/ui/toast';
import { type Command, type Step, useCommands } from './commands';
import { ranked } from './match';
import { useNamed } from './named';
import classes from './Palette.module.css';
import { conversationOf, peopleQuery } from './people';

const PAUSE_MS = 120;
const RECENT = 4;

interface Line {
  id: string;
  text: string;
  note?: string;
  icon: ReactNode;
  keys?: string[];
  leadsOn?: boolean;
  run: () => void;
}

interface Group {
  name: 'people' | 'segments' | 'campaigns' | 'templates' | 'recent' | Command['group'];
  lines: Line[];
}

interface Props {
  conversation: Conversation | null;
  actions: ConversationActions | null;
  onOpen: (conversationId: string) => void;
}

/** The field and the lines below it: arrows move, Enter does, Escape goes back or closes. */
export function PaletteBody({ conversation, actions, onOpen }: Props) {
  const { t } = useTranslation();
  const [step, setStep] = useState<Step>('start');
  const [typed, setTyped] = useState(typedSoFar);
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  useTypedAhead(setTyped);
  const go = (next: Step) => {
    setStep(next);
    setTyped('');
    setAt(0);
    field.current?.focus();
  };
  const { groups, searching } = useGroupsOfLines({ step, typed, conversation, actions, go, onOpen });
  const lines = groups.flatMap((group) => group.lines);
  const current = Math.min(at, Math.max(0, lines.length - 1));

  useEffect(() => {
    list.current
      ?.querySelector(`[data-at="${current}"]`)
      ?.scrollIntoView({ block: current === 0 ? 'end' : 'nearest' });
    if (current === 0 && list.current) list.current.scrollTop = 0;
  }, [current]);

  const keyDown = (event: KeyboardEvent) => {
    const move = (to: number) => {
      event.preventDefault();
      setAt((to + lines.length) % Math.max(1, lines.length));
    };
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown' || (event.key === 'n' && event.ctrlKey)) move(current + 1);
    else if (event.key === 'ArrowUp' || (event.key === 'p' && event.ctrlKey)) move(current - 1);
    else if (event.key === 'Home' && !typed) move(0);
    else if (event.key === 'End' && !typed) move(lines.length - 1);
    else if (event.key === 'Enter') {
      event.preventDefault();
      lines[current]?.run();
    } else if (step !== 'start' && (event.key === 'Escape' || (event.key === 'Backspace' && !typed))) {
      event.preventDefault();
      go('start');
    } else if (event.key === 'Escape' || (event.key === 'k' && (event.metaKey || event.ctrlKey))) {
      event.preventDefault();
      overlays.close();
    }
  };

  return (
    <div className={classes.body}>
      <div className={classes.top}>
        {step === 'start' ? (
          <IconSearch size={18} strokeWidth={1.75} aria-hidden="true" />
        ) : (
          <button
            type="button"
            className={classes.back}
            aria-label={t('actions.back')}
            onClick={() => go('start')}
          >
            <IconBack size={18} strokeWidth={1.75} aria-hidden="true" />
          </button>
        )}
        <input
          ref={field}
          className={classes.field}
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={lines[current] ? `${id}-${current}` : undefined}
          aria-autocomplete="list"
          aria-label={t(`palette.ask.${step}`)}
          placeholder={t(`palette.ask.${step}`)}
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={keyDown}
        />
        <span className={classes.hint} aria-hidden="true">
          <Keys keys={['Esc']} />
        </span>
      </div>
      <div
        ref={list}
        id={`${id}-list`}
        className={classes.list}
        role="listbox"
        aria-label={t('palette.lines')}
      >
        {groups.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: options of a listbox are grouped by role.
          <div key={group.name} role="group" aria-labelledby={`${id}-${group.name}`}>
            <p id={`${id}-${group.name}`} className={classes.group}>
              {t(`palette.groups.${group.name}`)}
            </p>
            {group.lines.map((line) => {
              const index = lines.indexOf(line);
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys.
                <div
                  key={line.id}
                  id={`${id}-${index}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={index === current}
                  data-at={index}
                  className={classes.line}
                  onPointerMove={() => setAt(index)}
                  onClick={line.run}
                >
                  <span className={classes.icon} aria-hidden="true">
                    {line.icon}
                  </span>
                  <bdi className={classes.text}>{line.text}</bdi>
                  {line.note ? <bdi className={classes.note}>{line.note}</bdi> : null}
                  <span className={classes.end}>
                    {line.keys ? <Keys keys={line.keys} /> : null}
                    {line.leadsOn ? <IconChevronRight size={16} aria-hidden="true" /> : null}
                  </span>
                </div>
              );
            })}
          </div>
        ))}
        {lines.length === 0 ? (
          <p className={classes.nothing} role="status">
            {searching ? t('palette.searching') : t('palette.nothing', { q: typed.trim() })}
          </p>
        ) : null}
      </div>
    </div>
  );
}

/** What is typed, once somebody has stopped for a moment. */
function usePaused(text: string): string {
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return paused;
}

interface Wish extends Props {
  step: Step;
  typed: string;
  go: (step: Step) => void;
}

function useGroupsOfLines({ step, typed, conversation, actions, go, onOpen }: Wish) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const commands = useCommands(step, conversation, actions);
  const mayFind = useMay('contacts.read');
  const asked = usePaused(typed.trim());
  const find = useQuery({
    ...peopleQuery(asked),
    enabled: step === 'start' && mayFind && asked.length > 0,
    placeholderData: keepPreviousData,
  });
  const named = useNamed(asked, step === 'start' && typed.trim() !== '');
  const closing = (line: Line): Line => ({
    ...line,
    run: () => {
      overlays.close();
      line.run();
    },
  });
  const open = (conversationId: string) => {
    overlays.close();
    onOpen(conversationId);
  };
  const openPerson = (contactId: string) => {
    overlays.close();
    conversationOf(contactId).then(onOpen, (error) => toast(wordsFor(t, error), { tone: 'danger' }));
  };
  const people: Line[] = (typed.trim() ? (find.data ?? []) : []).map((person) => ({
    id: person.id,
    text: person.name ?? person.profile_name ?? person.phone ?? t('contact.nameless'),
    note: person.phone ?? person.email ?? undefined,
    icon: <Avatar initials={person.initials} color={person.color} size={24} />,
    run: () => openPerson(person.id),
  }));
  const recent: Line[] =
    step === 'start' && !typed.trim()
      ? (client.getQueryData<Page<Conversation>>(listKey(filtersOf({})))?.data ?? [])
          .filter((each) => each.id !== conversation?.id)
          .slice(0, RECENT)
          .map((each) => ({
            id: each.id,
            text: contactName(each.contact, t),
            note: each.contact.phone ?? undefined,
            icon: <Avatar initials={each.contact.initials} color={each.contact.color} size={24} />,
            run: () => open(each.id),
          }))
      : [];
  const lineOf = (command: Command): Line => ({
    ...command,
    leadsOn: Boolean(command.step),
    run: () => {
      if (command.step) return go(command.step);
      overlays.close();
      command.run?.();
    },
  });
  const found = ranked(typed, commands);
  const groupOf = (name: Command['group']): Group => ({
    name,
    lines: found.filter((command) => command.group === name).map(lineOf),
  });
  const groups: Group[] = [
    groupOf('choose'),
    groupOf('conversation'),
    { name: 'people' as const, lines: people },
    { name: 'segments' as const, lines: named.segments.map(closing) },
    { name: 'campaigns' as const, lines: named.campaigns.map(closing) },
    { name: 'templates' as const, lines: named.templates.map(closing) },
    { name: 'recent' as const, lines: recent },
    groupOf('do'),
    groupOf('goTo'),
  ];
  return {
    groups: groups.filter(({ lines }) => lines.length > 0),
    searching: find.isFetching || named.searching || asked !== typed.trim(),
  };
}
