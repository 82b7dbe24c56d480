import { Textarea, type TextareaProps, TextInput, type TextInputProps } from '@mantine/core';
import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { useEditing } from './context';
import classes from './Field.module.css';
import { lengthOf } from './form';
import { problemWords, type Said } from './problems';

/** When the counter begins to be read out. */
const NEAR = 0.9;

interface Shared {
  /** As the server names the field. */
  path: string;
  /** One of several that share the path. */
  variable?: string;
  value: string;
  onValue: (value: string) => void;
  /** The most characters that Meta takes; counted where it is given. */
  max?: number;
}

type InputProps = Shared & Omit<TextInputProps, 'value' | 'onChange' | 'error' | 'max'>;
type AreaProps = Shared &
  Omit<TextareaProps, 'value' | 'onChange' | 'error'> & { area?: Ref<HTMLTextAreaElement> };

/** One line, with what is wrong about it below and how long it may be above. */
export function LineField({ path, variable, value, onValue, max, ...rest }: InputProps) {
  const said = useEditing().said(path, variable);
  return (
    <div className={classes.field} data-path={path}>
      <TextInput
        value={value}
        onChange={(event) => onValue(event.currentTarget.value)}
        error={said.errors.length > 0 ? <Words said={said} /> : undefined}
        autoComplete="off"
        {...rest}
      />
      <Warnings said={said} />
      {max ? <Counter now={lengthOf(value)} max={max} /> : null}
    </div>
  );
}

/** Several lines, growing with what is in them. */
export function AreaField({ path, variable, value, onValue, max, area, ...rest }: AreaProps) {
  const said = useEditing().said(path, variable);
  return (
    <div className={classes.field} data-path={path}>
      <Textarea
        ref={area}
        autosize
        value={value}
        onChange={(event) => onValue(event.currentTarget.value)}
        error={said.errors.length > 0 ? <Words said={said} /> : undefined}
        {...rest}
      />
      <Warnings said={said} />
      {max ? <Counter now={lengthOf(value)} max={max} /> : null}
    </div>
  );
}

/** The errors of a field, a line each. */
export function Words({ said }: { said: Said }) {
  const { t } = useTranslation();
  return said.errors.map((each) => (
    <span key={`${each.code} ${String(each.params?.variable ?? '')}`} className={classes.line}>
      {problemWords(t, each)}
    </span>
  ));
}

function Warnings({ said }: { said: Said }) {
  const { t } = useTranslation();
  return said.warnings.map((each) => (
    <p key={each.code} className={classes.warning}>
      {problemWords(t, each)}
    </p>
  ));
}

/** What is wrong with something that is no single field, such as all the buttons together. */
export function GroupProblems({ path }: { path: string }) {
  const said = useEditing().said(path);
  if (said.errors.length + said.warnings.length === 0) return null;
  return (
    <div
      className={classes.group}
      data-path={path}
      data-invalid={said.errors.length > 0 || undefined}
      tabIndex={-1}
    >
      {said.errors.length > 0 ? (
        <p className={classes.error}>
          <Words said={said} />
        </p>
      ) : null}
      <Warnings said={said} />
    </div>
  );
}

/** How much of the room is used; read out only where it becomes tight. */
function Counter({ now, max }: { now: number; max: number }) {
  const { t } = useTranslation();
  const left = max - now;
  const near = now >= max * NEAR;
  return (
    <>
      <span
        className={classes.counter}
        data-tone={left < 0 ? 'over' : near ? 'near' : undefined}
        dir="auto"
        aria-hidden="true"
      >
        {t('editor.counter', { now, max })}
      </span>
      <span className="visually-hidden" role="status">
        {near ? (left < 0 ? t('editor.over', { count: -left }) : t('editor.left', { count: left })) : ''}
      </span>
    </>
  );
}
