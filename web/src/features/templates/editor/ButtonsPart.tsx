import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { IconPlus } from '~/ui/icons';
import { Menu, MenuItem } from '~/ui/Menu';
import { ButtonCard, buttonIcons } from './ButtonCard';
import { useEditing } from './context';
import classes from './Editor.module.css';
import { GroupProblems } from './Field';
import { FormPart } from './FormPart';
import { type ButtonKind, buttonKinds, most, mostOf } from './form';

/** The buttons below the words, in the order in which they are shown. */
export function ButtonsPart() {
  const { t } = useTranslation();
  const { form, set } = useEditing();
  const { buttons } = form;
  const list = useRef<HTMLOListElement>(null);
  const added = useRef<number | null>(null);
  useEffect(() => {
    if (added.current === null) return;
    list.current?.querySelector<HTMLElement>(`[data-key="${added.current}"] input`)?.focus();
    added.current = null;
  });
  const add = (kind: ButtonKind) => {
    const key = Math.max(-1, ...buttons.map((each) => each.key)) + 1;
    const fresh = { key, kind, text: '', url: kind === 'url' ? 'https://' : '', phone: '', sample: '' };
    // Quick replies stand together, so that a new one goes behind the last of them.
    const last = buttons.findLastIndex((each) => each.kind === 'quick_reply');
    const at = kind === 'quick_reply' && last >= 0 ? last + 1 : buttons.length;
    added.current = key;
    set({ buttons: buttons.toSpliced(at, 0, fresh) });
  };
  const move = (from: number, to: number) => {
    const moved = buttons[from];
    if (moved) set({ buttons: buttons.toSpliced(from, 1).toSpliced(to, 0, moved) });
  };
  const full = buttons.length >= most.buttons;
  return (
    <FormPart title={t('editor.buttons')} lead={t('editor.buttonsLead')}>
      {buttons.length > 0 ? (
        <ol ref={list} className={classes.buttons}>
          {buttons.map((button, index) => (
            <ButtonCard
              key={button.key}
              button={button}
              index={index}
              last={index === buttons.length - 1}
              onChange={(change) =>
                set({
                  buttons: buttons.map((each) => (each.key === button.key ? { ...each, ...change } : each)),
                })
              }
              onMove={(by) => move(index, index + by)}
              onRemove={() => set({ buttons: buttons.filter((each) => each.key !== button.key) })}
            />
          ))}
        </ol>
      ) : null}
      <GroupProblems path="buttons" />
      {full ? null : (
        <Menu
          label={t('editor.addButton')}
          button={(button) => (
            <button type="button" className={classes.add} {...button}>
              <IconPlus size={16} strokeWidth={2} aria-hidden="true" />
              {t('editor.addButton')}
            </button>
          )}
        >
          {buttonKinds
            .filter((kind) => buttons.filter((each) => each.kind === kind).length < mostOf[kind])
            .map((kind) => {
              const Icon = buttonIcons[kind];
              return (
                <MenuItem
                  key={kind}
                  icon={<Icon size={16} strokeWidth={1.75} />}
                  end={<span className={classes.kindHelp}>{t(`editor.buttonHelp.${kind}`)}</span>}
                  onSelect={() => add(kind)}
                >
                  {t(`editor.buttonKinds.${kind}`)}
                </MenuItem>
              );
            })}
        </Menu>
      )}
    </FormPart>
  );
}
