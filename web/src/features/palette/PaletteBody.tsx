import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '~/api/contract';
import type { ConversationActions } from '~/features/conversations/useActions';
import { overlays } from '~/features/shell/overlays';
import { typedSoFar, useTypedAhead } from '~/features/shell/typedAhead';
import { IconBack, IconChevronRight, IconSearch } from '~/ui/icons';
import { Keys } from '~/ui/Keys';
import type { Step } from './commands';
import classes from './Palette.module.css';
import { useGroupsOfLines } from './useGroupsOfLines';

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
  // The line that is chosen, by its id: what is found later must not slip under the finger on Enter.
  const [chosen, setChosen] = useState<string | null>(null);
  // Enter was pressed before anything was found.
  const [eager, setEager] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  useTypedAhead(setTyped);
  const go = (next: Step) => {
    setStep(next);
    setTyped('');
    setChosen(null);
    setEager(false);
    field.current?.focus();
  };
  const { groups, meant, searching } = useGroupsOfLines({ step, typed, conversation, actions, go, onOpen });
  const lines = groups.flatMap((group) => group.lines);
  // While people and names are looked for, the first line may yet become another one: it is chosen only then.
  const firm = meant || !searching;
  const at = lines.findIndex((line) => line.id === chosen);
  const current = at === -1 && firm ? 0 : at;
  const first = lines[0]?.id ?? null;
  if (firm && first !== null && at === -1) setChosen(first);

  useEffect(() => {
    list.current
      ?.querySelector(`[data-at="${current}"]`)
      ?.scrollIntoView({ block: current === 0 ? 'end' : 'nearest' });
    if (current <= 0 && list.current) list.current.scrollTop = 0;
  }, [current]);
  useEffect(() => {
    if (!eager || !firm) return;
    setEager(false);
    lines[current]?.run();
  });

  const keyDown = (event: KeyboardEvent) => {
    const move = (to: number) => {
      event.preventDefault();
      setEager(false);
      setChosen(lines[(to + lines.length) % Math.max(1, lines.length)]?.id ?? null);
    };
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown' || (event.key === 'n' && event.ctrlKey)) move(current + 1);
    else if (event.key === 'ArrowUp' || (event.key === 'p' && event.ctrlKey)) move(Math.max(0, current) - 1);
    else if (event.key === 'Home' && !typed) move(0);
    else if (event.key === 'End' && !typed) move(lines.length - 1);
    else if (event.key === 'Enter') {
      event.preventDefault();
      // Whom a conversation is given to is seen first.
      if (current === -1) setEager(step === 'start');
      else lines[current]?.run();
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
            setChosen(null);
            setEager(false);
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
                  onPointerMove={() => setChosen(line.id)}
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
